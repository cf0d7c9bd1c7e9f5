//! Colours of lines: by name, so that a line keeps its colour when the costs change their order, or others appear.

/// Colours that lines can have; the next one is for the rest.
pub(crate) const COLOURS: usize = 7;
/// The colour of a line that is alone: neutral.
pub(crate) const ALONE: usize = COLOURS + 1;

/// Lines of the last drawing with their colours.
pub(super) type Kept = Vec<(String, usize)>;

/// The colour of each name. A name in `kept` keeps its colour. Each other has a favourite; where two have the same, one takes the
/// next that is free. The result depends on which names there are, not on their order. Without any colour left, names share
/// that of the rest.
pub(crate) fn colours(names: &[&str], kept: &[(String, usize)]) -> Vec<usize> {
    let before = |name: &&str| {
        let same = kept.iter().find(|(other, _)| other == name);
        same.map_or(COLOURS, |(_, colour)| (*colour).min(COLOURS))
    };
    let mut found: Vec<usize> = names.iter().map(before).collect();
    // Favourites first, so that what some names share does not move the others. Names are few: no sorting.
    for turn in 0..COLOURS {
        for colour in 0..COLOURS {
            if found.contains(&colour) {
                continue;
            }
            let mut first: Option<usize> = None;
            for (at, name) in names.iter().enumerate() {
                let wants = found[at] == COLOURS && (hash(name) as usize + turn) % COLOURS == colour;
                if wants && first.is_none_or(|first| *name < names[first]) {
                    first = Some(at);
                }
            }
            if let Some(first) = first {
                found[first] = colour;
            }
        }
    }
    found
}

/// FNV-1a with 32 bits.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_the_names_and_not_their_order() {
        for names in [vec!["v1", "v2"], vec!["a", "b", "c", "d", "e", "f", "g"], vec!["", "eu", "us"]] {
            let forward = colours(&names, &[]);
            let backward: Vec<&str> = names.iter().rev().copied().collect();
            let mut again = colours(&backward, &[]);
            again.reverse();
            assert_eq!(forward, again, "{names:?}");
            let mut different = forward.clone();
            different.sort_unstable();
            different.dedup();
            assert_eq!(different.len(), names.len(), "{names:?}: {forward:?}");
        }
    }

    #[test]
    fn a_name_keeps_its_colour_when_others_with_other_favourites_join() {
        let alone = colours(&["v1"], &[]);
        let joined = colours(&["v3", "v2", "v1"], &[]);
        assert_eq!((joined[2], alone.len()), (alone[0], 1));
    }

    #[test]
    fn a_name_on_screen_keeps_its_colour_when_any_other_joins() {
        let names: Vec<String> = (0..7).map(|i| format!("pod-{i}")).collect();
        for last in &names {
            let kept = vec![(last.clone(), colours(&[last.as_str()], &[])[0])];
            let joined: Vec<&str> = names.iter().map(String::as_str).collect();
            let found = colours(&joined, &kept);
            let at = joined.iter().position(|name| name == last);
            assert_eq!(at.map(|at| found[at]), Some(kept[0].1), "{last}: {found:?}");
            let mut different = found.clone();
            different.sort_unstable();
            assert_eq!(different, (0..COLOURS).collect::<Vec<_>>(), "{last}");
        }
    }

    #[test]
    fn what_finds_no_colour_has_that_of_the_rest() {
        let names: Vec<String> = (0..8).map(|i| format!("pod-{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = colours(&names, &[]);
        assert_eq!(found.iter().filter(|colour| **colour == COLOURS).count(), 1);
        assert!(colours(&[], &[]).is_empty());
    }
}
