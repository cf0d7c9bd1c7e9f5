//! Keys of a strip plot: they move from point to point, by value. Pure.

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StripKey {
    /// To the next smaller or larger value.
    Step(isize),
    /// To the smallest or the largest.
    Edge(bool),
    /// Picks the point.
    Pick,
    Clear,
}

pub(super) fn strip_key(key: &str) -> Option<StripKey> {
    Some(match key {
        "ArrowLeft" | "ArrowDown" => StripKey::Step(-1),
        "ArrowRight" | "ArrowUp" => StripKey::Step(1),
        "Home" => StripKey::Edge(false),
        "End" => StripKey::Edge(true),
        "Enter" => StripKey::Pick,
        "Escape" => StripKey::Clear,
        _ => return None,
    })
}

/// The point that a key leads to from the point `at`. `ascending` are the points by value; the largest is first entered.
pub(super) fn moved(ascending: &[usize], at: Option<usize>, key: StripKey) -> Option<usize> {
    let last = ascending.len().checked_sub(1)?;
    let place = at.and_then(|at| ascending.iter().position(|point| *point == at));
    let place = match key {
        StripKey::Step(by) => place.map_or(last, |place| place.saturating_add_signed(by).min(last)),
        StripKey::Edge(is_end) => {
            if is_end {
                last
            } else {
                0
            }
        }
        StripKey::Pick => place?,
        StripKey::Clear => return None,
    };
    ascending.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_by_value() {
        let go = |keys: &[&str]| {
            let step = |at, key: &&str| moved(&[2, 0, 1], at, strip_key(key).unwrap());
            keys.iter().fold(None, step)
        };
        assert_eq!(go(&["ArrowLeft"]), Some(1), "the largest first");
        assert_eq!(go(&["ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft"]), Some(2));
        assert_eq!(go(&["Home", "ArrowRight"]), Some(0));
        assert_eq!(go(&["Home", "End", "ArrowUp"]), Some(1));
        assert_eq!((go(&["Home", "Enter"]), go(&["Home", "Escape"]), go(&["Enter"])), (Some(2), None, None));
    }

    #[test]
    fn points_that_are_gone_and_other_keys_do_nothing() {
        assert_eq!(moved(&[], Some(3), StripKey::Step(1)), None);
        assert_eq!(moved(&[0, 1], Some(7), StripKey::Pick), None);
        assert_eq!(strip_key("a"), None);
    }
}
