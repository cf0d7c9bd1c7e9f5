//! Header line of a sample.

/// What the first line of a sample says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) command: &'a str,
    /// `pid/tid`, or the one that was printed.
    pub(super) id: &'a str,
    /// Nanoseconds on perf's clock.
    pub(super) time: Option<u64>,
    pub(super) period: Option<i64>,
    pub(super) event: &'a str,
    /// What stands after the event: a frame, if the sample is one line; or the fields of a tracepoint.
    pub(super) rest: &'a str,
}

impl<'a> Header<'a> {
    /// Reads the line; none if it is no first line of a sample.
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?.trim_end();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        Self::with_time(line).or_else(|| Self::without_time(line))
    }

    /// `command id [cpu] seconds: period event:`. The command may hold spaces and numbers, so the time is found
    /// first, by its colon, and the rest from there on to the left.
    fn with_time(line: &'a str) -> Option<Self> {
        let mut from = 0;
        let (before, time, after) = loop {
            let colon =
                from + line[from..].find(": ").or_else(|| line[from..].strip_suffix(':').map(str::len))?;
            let before = line[..colon].trim_end();
            let (before, last) = before.rsplit_once(char::is_whitespace)?;
            if let Some(time) = seconds(last) {
                break (before.trim_end(), time, &line[colon + 1..]);
            }
            from = colon + 1;
            if from >= line.len() {
                return None;
            }
        };
        let (command, id) = command_and_id(before)?;
        let (period, event, rest) = period_and_event(after)?;
        Some(Header { command, id, time: Some(time), period, event, rest })
    }

    /// `command id period event:`, as `-F comm,tid,period,event` gives it.
    fn without_time(line: &'a str) -> Option<Self> {
        let id = |token: &&str| is_id(token);
        let (at, _) = tokens(line).skip(1).find(|(_, token)| id(token))?;
        let after = &line[at..];
        let end = after.find(char::is_whitespace)?;
        let (command, id) = command_and_id(&line[..at + end])?;
        let rest = after[end..].trim_start();
        // The processor may stand there without a time.
        let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_, rest)) => rest,
            None => rest,
        };
        let (period, event, rest) = period_and_event(rest)?;
        Some(Header { command, id, time: None, period, event, rest })
    }
}

fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(move |token| (token.as_ptr() as usize - text.as_ptr() as usize, token))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_id(token: &str) -> bool {
    match token.split_once('/') {
        Some((pid, tid)) => is_number(pid) && is_number(tid),
        // Samples of no known process have the id -1.
        None => is_number(token) || token == "-1",
    }
}

/// `15055.278076` in nanoseconds; 6 or 9 digits after the point.
fn seconds(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.')?;
    if !is_number(whole) || !is_number(fraction) || fraction.len() > 9 {
        return None;
    }
    let nanos = fraction.parse::<u64>().ok()? * 10u64.pow(9 - fraction.len() as u32);
    whole.parse::<u64>().ok()?.checked_mul(1_000_000_000)?.checked_add(nanos)
}

/// What stands before the time: the id is the last token that is one, unless it is the command.
fn command_and_id(text: &str) -> Option<(&str, &str)> {
    let mut left = text.trim_end();
    // Processor and, from some versions, flags such as `d..2.`.
    for _ in 0..3 {
        let (before, token) = left.rsplit_once(char::is_whitespace)?;
        let command = before.trim();
        if is_id(token) && !command.is_empty() {
            return Some((command, token));
        }
        left = before.trim_end();
    }
    None
}

/// `5025125 cpu-clock:` and what follows. Names of events hold colons (`sched:sched_switch:`, `cycles:u:`).
fn period_and_event(text: &str) -> Option<(Option<i64>, &str, &str)> {
    let text = text.trim_start();
    let (first, after) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (period, text) = match first.parse::<i64>() {
        Ok(period) => (Some(period), after.trim_start()),
        Err(_) => (None, text),
    };
    let (event, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let event = event.strip_suffix(':').filter(|event| !event.is_empty())?;
    Some((period, event, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "cart worker 23636 [000] 15055.278076:    5025125   cpu-clock: ",
        "cart worker",
        "23636",
        Some(15_055_278_076_000),
        Some(5_025_125),
        "cpu-clock",
        ""
    )]
    #[case(
        "Thread 12 7/8 [001] 1.000000009: 1 cycles:u:",
        "Thread 12",
        "7/8",
        Some(1_000_000_009),
        Some(1),
        "cycles:u",
        ""
    )]
    #[case(
        "swapper     0 [007] 2.5: sched:sched_switch: prev=a:1 2",
        "swapper",
        "0",
        Some(2_500_000_000),
        None,
        "sched:sched_switch",
        "prev=a:1 2"
    )]
    #[case("a 1 [000] d..2. 2.5: ev: 12 f (x)", "a", "1", Some(2_500_000_000), None, "ev", "12 f (x)")]
    #[case(":-1 -1 [000] 2.5: ev:", ":-1", "-1", Some(2_500_000_000), None, "ev", "")]
    #[case("vote   913    257597 cycles:u:", "vote", "913", None, Some(257_597), "cycles:u", "")]
    #[case("vote 913 cycles:", "vote", "913", None, None, "cycles", "")]
    #[case("vote\u{2003}7\u{a0}1.5: ev:", "vote", "7", Some(1_500_000_000), None, "ev", "")]
    fn first_lines(
        #[case] line: &str,
        #[case] command: &str,
        #[case] id: &str,
        #[case] time: Option<u64>,
        #[case] period: Option<i64>,
        #[case] event: &str,
        #[case] rest: &str,
    ) {
        let expected = Header { command, id, time, period, event, rest };
        assert_eq!(Header::parse(line.as_bytes()), Some(expected));
    }

    #[rstest]
    #[case("main;work 12")]
    #[case("\t  134b price+0x6b (/usr/bin/shop)")]
    #[case("# cmdline : perf record")]
    #[case("a: b")]
    #[case("1: 2.5:")]
    #[case(":")]
    #[case("shop\u{2000}1: 2")]
    fn other_lines(#[case] line: &str) {
        assert_eq!(Header::parse(line.as_bytes()), None);
    }
}
