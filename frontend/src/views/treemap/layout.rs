//! The layout of a treemap: rectangles whose areas are as sizes are, as square as can be. Pure.
//!
//! Mark Bruls, Kees Huizing, Jarke J. van Wijk, “Squarified Treemaps” (2000): sizes are laid out in rows along the shorter side of what is
//! left; a row grows while that makes the longest of its rectangles less long.

/// A rectangle, in fractions of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Place {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// What is left is never thinner: rounding must not make it nothing while there is a size to come.
const LEAST: f64 = 1e-9;

/// A place for each size, in the order given; `aspect` is the width of the whole in heights. Sizes are finite and above 0; descending ones
/// give the squarest rectangles.
pub(crate) fn squarified(sizes: &[f64], aspect: f64) -> Vec<Place> {
    let total: f64 = sizes.iter().sum();
    // Rectangles are laid out in a whole of width `aspect` and height 1.
    let areas: Vec<f64> = sizes.iter().map(|size| size / total * aspect).collect();
    let mut left = Place { left: 0.0, top: 0.0, width: aspect, height: 1.0 };
    let mut places = Vec::with_capacity(areas.len());
    let mut rest = &areas[..];
    while !rest.is_empty() {
        let (row, others) = rest.split_at(row_length(rest, left.width.min(left.height)));
        lay_out(row, &mut left, &mut places);
        rest = others;
    }
    let scaled = |place: Place| Place { left: place.left / aspect, width: place.width / aspect, ..place };
    places.into_iter().map(scaled).collect()
}

/// How many areas the next row has, along a side of this length; at least one.
fn row_length(areas: &[f64], side: f64) -> usize {
    let (mut sum, mut least, mut most, mut worst) = (0.0_f64, f64::INFINITY, 0.0_f64, f64::INFINITY);
    for (count, area) in areas.iter().enumerate() {
        (sum, least, most) = (sum + area, least.min(*area), most.max(*area));
        let longest = (side * side * most / (sum * sum)).max(sum * sum / (side * side * least));
        if longest > worst {
            return count;
        }
        worst = longest;
    }
    areas.len()
}

/// Takes a row off what is left, along its shorter side.
fn lay_out(row: &[f64], left: &mut Place, places: &mut Vec<Place>) {
    let sum: f64 = row.iter().sum();
    let is_column = left.width >= left.height;
    let side = if is_column { left.height } else { left.width };
    let thickness = sum / side;
    let mut at = 0.0;
    for area in row {
        let length = area / thickness;
        places.push(match is_column {
            true => Place { left: left.left, top: left.top + at, width: thickness, height: length },
            false => Place { left: left.left + at, top: left.top, width: length, height: thickness },
        });
        at += length;
    }
    match is_column {
        true => (left.left, left.width) = (left.left + thickness, (left.width - thickness).max(LEAST)),
        false => (left.top, left.height) = (left.top + thickness, (left.height - thickness).max(LEAST)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEARLY: f64 = 1e-9;

    fn overlap(a: &Place, b: &Place) -> f64 {
        let width = (a.left + a.width).min(b.left + b.width) - a.left.max(b.left);
        let height = (a.top + a.height).min(b.top + b.height) - a.top.max(b.top);
        width.max(0.0) * height.max(0.0)
    }

    #[test]
    fn areas_are_as_sizes_are_and_fill_the_whole() {
        let sizes = [6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0];
        let places = squarified(&sizes, 1.5);
        for (place, size) in places.iter().zip(sizes) {
            assert!((place.width * place.height - size / 24.0).abs() < NEARLY, "{place:?}");
            assert!(place.left > -NEARLY && place.left + place.width < 1.0 + NEARLY, "{place:?}");
            assert!(place.top > -NEARLY && place.top + place.height < 1.0 + NEARLY, "{place:?}");
        }
        for (at, place) in places.iter().enumerate() {
            assert!(places[at + 1..].iter().all(|other| overlap(place, other) < NEARLY), "{place:?}");
        }
    }

    #[test]
    fn the_example_of_the_paper_has_two_large_ones_in_the_first_column() {
        let places = squarified(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], 1.5);
        assert!((places[0].width - 0.5).abs() < NEARLY && (places[0].height - 0.5).abs() < NEARLY);
        assert!((places[1].top - 0.5).abs() < NEARLY && places[1].left.abs() < NEARLY);
        assert!((places[2].left - 0.5).abs() < NEARLY && places[2].top.abs() < NEARLY);
    }

    #[test]
    fn equal_sizes_are_nearly_square() {
        for place in squarified(&[1.0; 200], 2.0) {
            let ratio = place.width * 2.0 / place.height;
            assert!((0.4..2.5).contains(&ratio), "{place:?}");
        }
    }

    #[test]
    fn one_size_has_all_of_it_and_none_has_nothing() {
        assert_eq!(squarified(&[7.0], 2.0), [Place { left: 0.0, top: 0.0, width: 1.0, height: 1.0 }]);
        assert_eq!(squarified(&[], 2.0), []);
    }
}
