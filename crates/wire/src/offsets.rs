//! Heat map of sub-second offsets of a local file: a column a second, a row a part of it.

use prost::Message;
use serde::{Deserialize, Serialize};

/// The cells of a map, in the order of time: from the first row of the first second to its last, then the next second.
/// Cells before the first value and after the last have no data: nothing was recorded then.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OffsetCells {
    /// Name of the thread; absent if it is of all threads.
    #[prost(string, optional, tag = "1")]
    pub thread: Option<String>,
    /// Rows per second.
    #[prost(uint32, tag = "2")]
    pub rows: u32,
    /// Seconds.
    #[prost(uint32, tag = "3")]
    pub columns: u32,
    /// Whether cells are sums of values instead of numbers of samples.
    #[prost(bool, tag = "4")]
    pub by_value: bool,
    /// Position of the cell of the first value.
    #[prost(uint32, tag = "5")]
    pub first: u32,
    /// Values of the cells from there on.
    #[prost(sint64, repeated, tag = "6")]
    pub values: Vec<i64>,
    /// Samples that are in no cell, as they have no timestamp.
    #[prost(uint64, tag = "7")]
    pub untimed: u64,
}

/// The cells do not make a map. The sender's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cells of the sub-second map do not fit into {rows} rows and {columns} columns")]
pub struct InvalidCells {
    /// Rows per second.
    pub rows: u32,
    /// Seconds.
    pub columns: u32,
}

impl OffsetCells {
    /// How many cells the map has, those without data included.
    ///
    /// # Errors
    /// [`InvalidCells`] when there are none, or fewer than values.
    pub fn cells(&self) -> Result<u64, InvalidCells> {
        let (cells, needed) = (
            u64::from(self.rows) * u64::from(self.columns),
            u64::from(self.first) + self.values.len() as u64,
        );
        match cells > 0 && needed <= cells {
            true => Ok(cells),
            false => Err(InvalidCells { rows: self.rows, columns: self.columns }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_fit_into_the_map() {
        let map = OffsetCells { rows: 10, columns: 2, first: 3, values: vec![1; 17], ..Default::default() };
        assert_eq!(map.cells(), Ok(20));
        let long = OffsetCells { first: 4, ..map.clone() };
        assert_eq!(long.cells(), Err(InvalidCells { rows: 10, columns: 2 }));
        assert!(OffsetCells { columns: 0, first: 0, values: vec![], ..map.clone() }.cells().is_err());
        let vast = OffsetCells { rows: u32::MAX, columns: u32::MAX, first: u32::MAX, ..map };
        assert_eq!(vast.cells(), Ok(u64::from(u32::MAX).pow(2)));
    }
}
