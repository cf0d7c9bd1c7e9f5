//! Colours of a chart, which the caller chooses for a light page, a dark one, or paper.

use plotters::style::RGBColor;

/// Red, green and blue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rrggbb` or `#rgb`, as style sheets have it.
    pub fn parse(text: &str) -> Option<Rgb> {
        let digits = text.trim().strip_prefix('#')?.as_bytes();
        let digit = |at: usize| char::from(digits[at]).to_digit(16).map(|digit| digit as u8);
        let pair = |a: usize, b: usize| Some(digit(a)? * 16 + digit(b)?);
        match digits.len() {
            6 => Some(Rgb(pair(0, 1)?, pair(2, 3)?, pair(4, 5)?)),
            3 => Some(Rgb(pair(0, 0)?, pair(1, 1)?, pair(2, 2)?)),
            _ => None,
        }
    }
}

impl From<Rgb> for RGBColor {
    fn from(colour: Rgb) -> RGBColor {
        RGBColor(colour.0, colour.1, colour.2)
    }
}

/// Colours of everything that is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    /// Below everything.
    pub background: Rgb,
    /// Lines at ticks.
    pub grid: Rgb,
    /// The line at zero.
    pub baseline: Rgb,
    /// Labels of axes and names of marks.
    pub text: Rgb,
    /// Names that stand out, and the crosshair.
    pub text_strong: Rgb,
    /// The limit line, its name, and outliers.
    pub alert: Rgb,
    /// Vertical lines of marks.
    pub mark: Rgb,
    /// The selected range; it is drawn translucent.
    pub selection: Rgb,
    /// Dots that are no outliers.
    pub dot: Rgb,
    /// Lines by their number.
    pub lines: Vec<Rgb>,
}

impl Theme {
    /// The colour of a line; the last one for numbers beyond it.
    pub(crate) fn line(&self, number: usize) -> Rgb {
        self.lines.get(number).or(self.lines.last()).copied().unwrap_or(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_style_sheets_are_read() {
        assert_eq!(Rgb::parse(" #0a10FF "), Some(Rgb(10, 16, 255)));
        assert_eq!(Rgb::parse("#fa0"), Some(Rgb(255, 170, 0)));
        for text in ["", "red", "#12", "#12345", "#gggggg", "rgb(1 2 3)", "#äöü"] {
            assert_eq!(Rgb::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_beyond_the_palette_have_its_last_colour() {
        let theme = Theme { lines: vec![Rgb(1, 1, 1), Rgb(2, 2, 2)], text: Rgb(9, 9, 9), ..Theme::default() };
        assert_eq!([0, 1, 7].map(|number| theme.line(number).0), [1, 2, 2]);
        assert_eq!(Theme { lines: Vec::new(), ..theme }.line(0), Rgb(9, 9, 9));
    }
}
