//! The visible part of a flame chart as part of the URL: `t=1000-2500` are nanoseconds since the first sample, `row`
//! is the row at the top edge. Without parameters, all of it is visible.

/// The visible part of a flame chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChartView {
    /// First and last nanosecond since the first sample; `None` is everything.
    pub(crate) window: Option<(u64, u64)>,
    /// Row at the top edge.
    pub(crate) row: u32,
}

impl ChartView {
    /// Parses query parameters; absent or invalid ones mean everything.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> ChartView {
        let window = get("t").and_then(|text| {
            let (from, to) = text.split_once('-')?;
            let (from, to) = (from.parse::<u64>().ok()?, to.parse::<u64>().ok()?);
            (from < to).then_some((from, to))
        });
        let row = get("row").and_then(|text| text.parse().ok()).unwrap_or(0);
        ChartView { window, row }
    }

    /// The query parameters; none if everything is visible.
    pub(crate) fn to_params(self) -> Vec<(&'static str, String)> {
        let window = self.window.map(|(from, to)| ("t", format!("{from}-{to}")));
        let row = (self.row > 0).then(|| ("row", self.row.to_string()));
        window.into_iter().chain(row).collect()
    }
}

/// Nanoseconds since the start, exact and readable: `+1.234567 s`.
pub(crate) fn offset_text(nanos: u64) -> String {
    let (whole, part) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let digits = format!("{part:09}");
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    format!("+{whole}{point}{digits} s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn view_survives_the_url() {
        for chart_view in [ChartView::default(), ChartView { window: Some((5, 1_000_000_007)), row: 3 }] {
            let params = chart_view.to_params();
            let get = |key: &str| params.iter().find(|(k, _)| *k == key).map(|(_, v)| v.clone());
            assert_eq!(ChartView::from_params(&get), chart_view);
        }
        assert_eq!(ChartView::default().to_params(), []);
        for bad in ["", "5", "9-5", "5-5", "-5", "a-b", "1-99999999999999999999999"] {
            assert_eq!(ChartView::from_params(&|_| Some(bad.to_owned())).window, None, "{bad}");
        }
    }

    #[test]
    fn offsets_are_exact() {
        assert_eq!(offset_text(0), "+0 s");
        assert_eq!(offset_text(1_234_567_000), "+1.234567 s");
        assert_eq!(offset_text(1), "+0.000000001 s");
    }
}
