//! A backend for tests: keeps the shapes that are drawn, each with the red of its colour, by which tests tell colours apart.

use plotters::backend::DrawingBackend;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};
use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Path { points: Vec<BackendCoord>, red: u8 },
    Rectangle { from: BackendCoord, to: BackendCoord, red: u8 },
    Dot { at: BackendCoord, red: u8 },
    Text { text: String, at: BackendCoord },
}

impl Shape {
    /// The points of a path in this red.
    pub(crate) fn path_in(&self, wanted: u8) -> Option<&Vec<BackendCoord>> {
        match self {
            Shape::Path { points, red } if *red == wanted => Some(points),
            _ => None,
        }
    }

    pub(crate) fn is_dot_in(&self, wanted: u8) -> bool {
        matches!(self, Shape::Dot { red, .. } if *red == wanted)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Shape::Text { text, .. } => Some(text),
            _ => None,
        }
    }
}

pub(crate) struct Recorder {
    size: (u32, u32),
    shapes: Rc<RefCell<Vec<Shape>>>,
}

impl Recorder {
    pub(crate) fn new(size: (u32, u32)) -> (Recorder, Rc<RefCell<Vec<Shape>>>) {
        let shapes = Rc::new(RefCell::new(Vec::new()));
        (Recorder { size, shapes: shapes.clone() }, shapes)
    }
}

type Recorded = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Recorder {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Recorded {
        Ok(())
    }

    fn present(&mut self) -> Recorded {
        Ok(())
    }

    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Recorded {
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        _: bool,
    ) -> Recorded {
        self.shapes.borrow_mut().push(Shape::Rectangle { from, to, red: style.color().rgb.0 });
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Recorded {
        let points = path.into_iter().collect();
        self.shapes.borrow_mut().push(Shape::Path { points, red: style.color().rgb.0 });
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, _: u32, style: &S, _: bool) -> Recorded {
        self.shapes.borrow_mut().push(Shape::Dot { at, red: style.color().rgb.0 });
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, _: &T, at: BackendCoord) -> Recorded {
        self.shapes.borrow_mut().push(Shape::Text { text: text.to_owned(), at });
        Ok(())
    }
}
