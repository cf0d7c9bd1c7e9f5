//! The service `search`: looks words up in an index of products, ranks and sorts the matches, highlights the words
//! with a regular expression and responds in JSON.

use super::answer::Answer;
use super::random_text::Random;
use regex::{Regex, escape};
use serde::Serialize;
use std::collections::HashMap;

const PRODUCTS: usize = 4_000;

struct Product {
    title: String,
    description: String,
    sales: u64,
}

#[derive(Serialize)]
struct Hit<'a> {
    title: String,
    score: f64,
    description: &'a str,
}

/// The service: its products, and for each word the products that contain it.
pub(super) struct Search {
    products: Vec<Product>,
    index: HashMap<String, Vec<usize>>,
}

impl Search {
    /// Starts the service, which builds its index.
    #[inline(never)]
    pub(super) fn new() -> Search {
        let mut random = Random::new(7);
        let products: Vec<Product> = (0..PRODUCTS)
            .map(|_| Product {
                title: random.sentence(3),
                description: random.sentence(12),
                sales: random.below(10_000),
            })
            .collect();
        let mut index: HashMap<String, Vec<usize>> = HashMap::new();
        for (id, product) in products.iter().enumerate() {
            for word in product.title.split(' ').chain(product.description.split(' ')) {
                index.entry(word.to_owned()).or_default().push(id);
            }
        }
        Search { products, index }
    }

    /// Handles one query.
    #[inline(never)]
    pub(super) fn handle_query(&self, random: &mut Random) -> Answer {
        let query = random.sentence(3);
        let words: Vec<&str> = query.split(' ').collect();
        let mut ranked = self.rank(&self.look_up(&words));
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(25);
        self.render(&ranked, &words).map_or(Answer::Failed, Answer::Served)
    }

    /// Number of matching words by product.
    #[inline(never)]
    fn look_up(&self, words: &[&str]) -> HashMap<usize, u32> {
        let mut found = HashMap::new();
        for word in words {
            for &id in self.index.get(*word).map_or(&[][..], Vec::as_slice) {
                *found.entry(id).or_insert(0) += 1;
            }
        }
        found
    }

    #[inline(never)]
    fn rank(&self, found: &HashMap<usize, u32>) -> Vec<(usize, f64)> {
        let score = |(&id, &words): (&usize, &u32)| {
            let product = &self.products[id];
            let rarity = (PRODUCTS as f64 / (1.0 + product.title.len() as f64)).ln();
            (id, f64::from(words) * rarity + (1.0 + product.sales as f64).ln())
        };
        found.iter().map(score).collect()
    }

    #[inline(never)]
    fn render(&self, ranked: &[(usize, f64)], words: &[&str]) -> Option<usize> {
        let pattern: Vec<String> = words.iter().map(|word| escape(word)).collect();
        let highlight = Regex::new(&pattern.join("|")).ok()?;
        let hit = |&(id, score): &(usize, f64)| {
            let product = &self.products[id];
            let title = highlight.replace_all(&product.title, "<em>$0</em>").into_owned();
            Hit { title, score, description: &product.description }
        };
        let hits: Vec<Hit<'_>> = ranked.iter().map(hit).collect();
        serde_json::to_string(&hits).ok().map(|text| text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_and_ranks_products() {
        let search = Search::new();
        let found = search.look_up(&["amber", "teapot"]);
        assert!(found.values().any(|&words| words >= 2));
        assert_eq!(search.rank(&found).len(), found.len());
        assert!(search.look_up(&["nowhere"]).is_empty());
        assert!(matches!(search.handle_query(&mut Random::new(3)), Answer::Served(501..)));
    }
}
