//! One side of a comparison: windows of time of its replicas.

use super::median;

/// A window of time of one replica.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Its number in time: the window after it has the next one, if there is data.
    pub at: i64,
    /// What costs are divided by: covered seconds, number of profiles for values that are not summed over time, or units of work.
    pub weight: f64,
    /// The cost of everything.
    pub total: f64,
    /// The cost of each function, in one order throughout.
    pub costs: Vec<f64>,
}

/// A replica with its windows, ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    /// Its name, by which the same replica is found in the other side.
    pub name: String,
    /// Its windows.
    pub windows: Vec<Window>,
}

/// One side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// Its replicas.
    pub replicas: Vec<Replica>,
    /// Width of a window in seconds.
    pub window_secs: f64,
}

impl Side {
    /// Without windows that hold less than half of the usual weight: the first and the last of a range, those of a restart, and one
    /// that is not finished. Replicas without a window are left out.
    #[must_use]
    pub fn whole_windows(mut self) -> Side {
        let weights = self.windows().map(|w| w.weight).collect();
        let least = median(weights).unwrap_or(0.0) / 2.0;
        for replica in &mut self.replicas {
            replica.windows.retain(|w| w.weight > 0.0 && w.weight >= least);
        }
        self.replicas.retain(|replica| !replica.windows.is_empty());
        self
    }

    /// All windows of all replicas.
    pub fn windows(&self) -> impl Iterator<Item = &Window> {
        self.replicas.iter().flat_map(|replica| &replica.windows)
    }

    /// How many windows there are, each of one replica.
    pub fn observations(&self) -> usize {
        self.windows().count()
    }

    /// Only the replicas of these names.
    pub(super) fn only(&self, names: &[&str]) -> Side {
        let of_name = |replica: &&Replica| names.contains(&replica.name.as_str());
        Side { replicas: self.replicas.iter().filter(of_name).cloned().collect(), ..*self }
    }
}

/// The replicas that both sides have, if they are most of either: then each can be compared with itself.
pub(super) fn paired<'s>(baseline: &'s Side, comparison: &Side) -> Option<Vec<&'s str>> {
    let in_both = |name: &str| comparison.replicas.iter().any(|replica| replica.name == name);
    let names: Vec<&str> =
        baseline.replicas.iter().map(|replica| replica.name.as_str()).filter(|n| in_both(n)).collect();
    let most = baseline.replicas.len().max(comparison.replicas.len());
    (!names.is_empty() && names.len() * 5 >= most * 4).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(replicas: &[(&str, &[f64])]) -> Side {
        let replica = |(name, weights): &(&str, &[f64])| Replica {
            name: (*name).to_owned(),
            windows: (0..)
                .zip(*weights)
                .map(|(at, &weight)| Window { at, weight, total: 1.0, costs: vec![] })
                .collect(),
        };
        Side { replicas: replicas.iter().map(replica).collect(), window_secs: 300.0 }
    }

    #[test]
    fn windows_with_less_than_half_of_the_usual_weight_are_left_out() {
        let found = side(&[("a", &[300.0, 290.0, 20.0]), ("b", &[10.0])]).whole_windows();
        assert_eq!((found.replicas.len(), found.observations()), (1, 2));
        assert_eq!(Side::default().whole_windows().observations(), 0);
    }

    #[test]
    fn sides_are_paired_by_most_replicas() {
        let names = |a: &[&str], b: &[&str]| {
            let of = |names: &[&str]| side(&names.iter().map(|n| (*n, &[1.0][..])).collect::<Vec<_>>());
            paired(&of(a), &of(b)).map(|names| names.len())
        };
        assert_eq!(names(&["a", "b", "c", "d", "e"], &["a", "b", "c", "d", "x"]), Some(4));
        assert_eq!(names(&["a", "b"], &["a", "x"]), None);
        assert_eq!(names(&[], &[]), None);
    }
}
