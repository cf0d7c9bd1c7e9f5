//! Numbers in sentences.

/// A change as a percentage of the baseline, with its sign: `+15 %`, `−3.4 %`; from tenfold on `12 times`.
pub fn percent(fraction: f64) -> String {
    let percent = fraction * 100.0;
    let sign = if percent < 0.0 { '−' } else { '+' };
    format!("{sign}{}", size(percent.abs()))
}

/// `15 %`, `3.4 %`, without a sign.
pub(super) fn size(percent: f64) -> String {
    let decimals = usize::from(percent < 9.95);
    let text = format!("{percent:.decimals$}");
    format!("{} %", text.trim_end_matches(".0"))
}

/// How much higher or lower it is at one place than at another: `15 % higher in version 2 than in version 1`, `12 times as high in
/// version 2 as in version 1`.
pub(super) fn compared(fraction: f64, here: &str, there: &str) -> String {
    match fraction {
        f if f >= 9.0 => format!("{:.0} times as high{here} as {there}", f + 1.0),
        f if f < 0.0 => format!("{} lower{here} than {there}", size(-f * 100.0)),
        f => format!("{} higher{here} than {there}", size(f * 100.0)),
    }
}

/// A share of the total: `62.1 %`, `0 %`.
pub(super) fn share(fraction: f64) -> String {
    crate::units::format_share(fraction, 1.0)
}

/// A change of a share: `+9.4 percentage points`.
pub(super) fn points(fraction: f64) -> String {
    let sign = if fraction < 0.0 { '−' } else { '+' };
    let text = format!("{:.1}", fraction.abs() * 100.0);
    format!("{sign}{} percentage points", text.trim_end_matches(".0"))
}

/// A duration for people: `40 s`, `3 min`, `2 h`, `3 days`.
pub(super) fn duration(secs: f64) -> String {
    match secs {
        s if s < 0.5 => "less than 1 s".to_owned(),
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 5400.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.0} h", s / 3600.0),
        s => format!("{:.0} days", s / 86_400.0),
    }
}
