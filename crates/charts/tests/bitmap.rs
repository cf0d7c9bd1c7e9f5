//! The bitmap backend of the server draws a chart by the same code as the page's canvas.

use flarepath_charts::{Cursor, Line, LineChart, Rgb, Theme, ValueUnit, draw_line_chart};
use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};

const SIZE: (u32, u32) = (300, 100);

/// Bitmaps without text: plotters has no font here.
struct Bitmap<'a>(BitMapBackend<'a>);

type Error<'a> = <BitMapBackend<'a> as DrawingBackend>::ErrorType;

impl<'a> DrawingBackend for Bitmap<'a> {
    type ErrorType = Error<'a>;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Error<'a>>> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<Error<'a>>> {
        self.0.present()
    }

    fn draw_pixel(
        &mut self,
        at: BackendCoord,
        color: BackendColor,
    ) -> Result<(), DrawingErrorKind<Error<'a>>> {
        self.0.draw_pixel(at, color)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<Error<'a>>> {
        self.0.draw_rect(from, to, style, fill)
    }

    fn draw_text<T: BackendTextStyle>(
        &mut self,
        _: &str,
        _: &T,
        _: BackendCoord,
    ) -> Result<(), DrawingErrorKind<Error<'a>>> {
        Ok(())
    }
}

#[test]
fn a_chart_is_drawn_into_pixels() {
    let values = [Some(1.0), Some(2.0), None, Some(2.0), Some(1.0)];
    let line = Line { values: &values, colour: 0, is_shown: true };
    let chart = LineChart {
        unit: ValueUnit::cores(),
        count: values.len(),
        lines: vec![line],
        limit: Some(("CPU limit", 3.0)),
        marks: vec![(3.5, "v2")],
        times: vec![(0.0, "03:00".to_owned())],
    };
    let theme = Theme { background: Rgb(255, 255, 255), lines: vec![Rgb(255, 0, 0)], ..Theme::default() };
    let mut pixels = vec![0; (SIZE.0 * SIZE.1 * 3) as usize];
    let backend = Bitmap(BitMapBackend::with_buffer(&mut pixels, SIZE));
    draw_line_chart(backend, 1.0, &chart, &theme, Cursor::default()).unwrap();
    let columns: Vec<u32> = (0..)
        .zip(pixels.chunks_exact(3))
        .filter(|(_, pixel)| pixel[0] > 200 && pixel[1] < 128 && pixel[2] < 128)
        .map(|(at, _): (u32, _)| at % SIZE.0)
        .collect();
    // The plot is from 76 to 288: instants are 53 pixels apart, and the third one is a gap.
    let between = |from: u32, to: u32| columns.iter().filter(|x| (from..to).contains(x)).count();
    assert!(between(78, 127) > 20 && between(237, 286) > 20, "{columns:?}");
    assert_eq!(between(133, 232), 0);
}
