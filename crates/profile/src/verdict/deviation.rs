//! The sentence about a value beside the others of its group, such as a pod beside the other pods. It states a difference, never a
//! change: which of them is as it should be is not known.

use super::numbers::{percent, size};
use crate::stats::{Deviation, Standing};

/// How a value stands among so many others: `42 % more than the median of the 8 others (95 % interval: +35 % to +49 %).`
pub fn deviation_sentence(standing: &Standing, others: usize) -> String {
    match standing {
        Standing::Alone => "There are no others to compare with.".to_owned(),
        Standing::Apart => "Ran at another time than the others.".to_owned(),
        Standing::TooLittle { windows, least } => {
            format!("Too little data at the same time as the others: {windows} of at least {least} windows.")
        }
        Standing::Compared(deviation) => compared(deviation, &the_others(others)),
    }
}

fn compared(deviation: &Deviation, others: &str) -> String {
    let rate = &deviation.rate;
    let Some(relative) = rate.relative() else {
        return match deviation.is_odd {
            true => format!("Costs something, unlike {others}."),
            false => format!("No significant difference from {others}."),
        };
    };
    if !deviation.is_odd {
        return format!("No significant difference from {others} ({}).", percent(relative));
    }
    let (low, high) = rate.interval();
    // A cost cannot fall by more than all of it, whatever the margin.
    let interval = [low, high].map(|end| percent((end / rate.before).max(-1.0)));
    let difference = match relative {
        r if r >= 9.0 => format!("{:.0} times as much as {others}", r + 1.0),
        r if r < 0.0 => format!("{} less than {others}", size(-r * 100.0)),
        r => format!("{} more than {others}", size(r * 100.0)),
    };
    format!("{difference} (95 % interval: {} to {}).", interval[0], interval[1])
}

fn the_others(count: usize) -> String {
    match count {
        1 => "the other one".to_owned(),
        2 => "the nearer of the 2 others".to_owned(),
        _ => format!("the median of the {count} others"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Estimate;

    fn sentence(before: f64, after: f64, is_odd: bool, others: usize) -> String {
        let rate = Estimate { before, after, error: 0.02, freedom: 20.0 };
        deviation_sentence(&Standing::Compared(Deviation { rate, q: 0.001, is_odd }), others)
    }

    #[test]
    fn differences_are_stated_as_differences() {
        assert_eq!(
            sentence(1.0, 1.42, true, 8),
            "42 % more than the median of the 8 others (95 % interval: +38 % to +46 %)."
        );
        assert!(sentence(1.0, 0.7, true, 1).starts_with("30 % less than the other one ("));
        assert!(sentence(1.0, 12.0, true, 3).starts_with("12 times as much as the median of the 3 others ("));
        assert_eq!(
            sentence(1.0, 1.03, false, 8),
            "No significant difference from the median of the 8 others (+3 %)."
        );
        assert_eq!(sentence(0.0, 1.0, true, 2), "Costs something, unlike the nearer of the 2 others.");
    }

    #[test]
    fn an_interval_ends_at_nothing() {
        let rate = Estimate { before: 1.0, after: 0.05, error: 0.06, freedom: 9.0 };
        let text = deviation_sentence(&Standing::Compared(Deviation { rate, q: 0.001, is_odd: true }), 8);
        assert!(text.contains("(95 % interval: −100 % to "), "{text}");
    }

    #[test]
    fn what_is_not_known_says_why() {
        let text = |standing| deviation_sentence(&standing, 3);
        assert_eq!(text(Standing::Apart), "Ran at another time than the others.");
        assert_eq!(
            text(Standing::TooLittle { windows: 2, least: 6 }),
            "Too little data at the same time as the others: 2 of at least 6 windows."
        );
        assert_eq!(text(Standing::Alone), "There are no others to compare with.");
    }
}
