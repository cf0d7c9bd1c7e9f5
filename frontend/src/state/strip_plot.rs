//! Strip plots: one value of each replica on one axis, and what is said of them in words.

use super::line_chart::ChartUnit;
use flarepath_charts::ValueScale;

/// One value of each replica on one axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StripPlot {
    /// Also the accessible name.
    pub(crate) title: String,
    pub(crate) unit: ChartUnit,
    pub(crate) points: Vec<StripPoint>,
    /// A line with its name, such as `CPU limit`.
    pub(crate) limit: Option<(String, f64)>,
}

/// A replica.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StripPoint {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) outlier: bool,
    /// Such as `+42 % against eight others`; may be empty.
    pub(crate) note: String,
}

impl StripPlot {
    /// The format of all values.
    pub(crate) fn scale(&self) -> ValueScale {
        self.unit.value_unit().scale(self.points.iter().map(|point| point.value))
    }

    /// The plot in a sentence, for those who do not see it.
    pub(crate) fn summary(&self) -> String {
        let outliers = self.points.iter().filter(|point| point.outlier).count();
        let count =
            |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
        let mut text = match self.points.len() {
            0 => return "Plot without data.".to_owned(),
            all => format!("Plot of {}, {}.", count(all, "replica"), count(outliers, "outlier")),
        };
        if let Some((name, value)) = &self.limit {
            text.push_str(&format!(" {name}: {}.", self.unit.value_unit().scale([*value]).amount(*value)));
        }
        text
    }
}

impl StripPoint {
    /// `outlier, +42 % against eight others`; empty for a point like the others without a note.
    pub(crate) fn remark(&self) -> String {
        match (self.outlier, self.note.is_empty()) {
            (true, true) => "outlier".to_owned(),
            (true, false) => format!("outlier, {}", self.note),
            (false, _) => self.note.clone(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// CPU of replicas: name, value, whether it is an outlier.
    pub(crate) fn plot(points: &[(&str, f64, bool)]) -> StripPlot {
        let point = |(name, value, outlier): &(&str, f64, bool)| StripPoint {
            name: (*name).to_owned(),
            value: *value,
            outlier: *outlier,
            note: String::new(),
        };
        let points = points.iter().map(point).collect();
        StripPlot { title: "CPU".to_owned(), unit: ChartUnit::Cores, points, limit: None }
    }

    #[test]
    fn the_plot_is_a_sentence() {
        let limit = Some(("CPU limit".to_owned(), 2.0));
        let with_limit = StripPlot { limit, ..plot(&[("a", 1.0, false), ("b", 1.8, true)]) };
        assert_eq!(with_limit.summary(), "Plot of 2 replicas, 1 outlier. CPU limit: 2 cores.");
        assert_eq!(plot(&[("a", 1.0, false)]).summary(), "Plot of 1 replica, 0 outliers.");
        assert_eq!(plot(&[]).summary(), "Plot without data.");
    }

    #[test]
    fn outliers_are_said_in_words() {
        let noted = |outlier, note: &str| {
            StripPoint { name: "a".to_owned(), value: 1.0, outlier, note: note.to_owned() }.remark()
        };
        assert_eq!([noted(true, ""), noted(false, "")], ["outlier", ""]);
        assert_eq!(noted(true, "+42 % against eight others"), "outlier, +42 % against eight others");
    }
}
