//! Minimap of a flame chart: depth and load of each pixel column.

use super::super::layout::Layout;

/// The whole of a chart in a strip of pixel columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Minimap {
    /// The deepest row in each column; 0 where nothing was sampled.
    pub depth: Vec<u16>,
    /// The part of each column in which something was sampled, from 0 to 1.
    pub busy: Vec<f32>,
}

impl Minimap {
    /// Looks at every box once. A box belongs to each column that it touches.
    pub fn new(layout: &Layout, columns: usize) -> Minimap {
        let mut map = Minimap { depth: vec![0; columns], busy: vec![0.0; columns] };
        let scale = columns as f64 / layout.width();
        if columns == 0 || !(scale.is_finite() && scale > 0.0) {
            return map;
        }
        let (x0, x1) = layout.edges();
        for row in 1..layout.rows() {
            let depth = u16::try_from(row).unwrap_or(u16::MAX);
            for i in layout.row(row) {
                let (left, right) = (x0[i] * scale, x1[i] * scale);
                let first = (left as usize).min(columns - 1);
                let last = (right.ceil() as usize).clamp(first + 1, columns);
                // Rows come from the top, so the last one is the deepest.
                map.depth[first..last].fill(depth);
                if row == 1 {
                    map.add_busy(left, right, first, last);
                }
            }
        }
        map
    }

    fn add_busy(&mut self, left: f64, right: f64, first: usize, last: usize) {
        for column in first..last {
            let part = right.min((column + 1) as f64) - left.max(column as f64);
            let busy = &mut self.busy[column];
            *busy = (*busy + part.max(0.0) as f32).min(1.0);
        }
    }
}
