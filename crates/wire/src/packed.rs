//! Fast reader of packed columns, for the long columns of a tree.
//!
//! Nearly all bytes of a call tree are packed columns of small numbers, one a node. prost asks its buffer anew
//! for each of them, through code that the page has compiled for size: with 220 000 nodes a third of the time from
//! the answer to the picture. Here a column is one loop over a slice, and everything else is left to prost.
//!
//! Whatever is out of the ordinary (a column that is not packed, bytes that are no message) is `None`: prost
//! then reads the whole, or says what is wrong.

use prost::Message;

/// Wire type of packed columns, text and messages.
const LENGTH_DELIMITED: u64 = 2;

/// Reads a message but for the fields that `take` takes: it is given the tag and the bytes of each field that has
/// any, and says whether it took it, or `None` to give up.
pub(crate) fn read_but<M: Message + Default>(
    bytes: &[u8],
    mut take: impl FnMut(u32, &[u8]) -> Option<bool>,
) -> Option<M> {
    let mut others = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let key = varint(bytes, &mut at)?;
        let mut taken = false;
        match key & 7 {
            0 => drop(varint(bytes, &mut at)?),
            1 => at += 8,
            LENGTH_DELIMITED => {
                let length = usize::try_from(varint(bytes, &mut at)?).ok()?;
                let end = at.checked_add(length)?;
                taken = take(u32::try_from(key >> 3).ok()?, bytes.get(at..end)?)?;
                at = end;
            }
            5 => at += 4,
            _ => return None,
        }
        let field = bytes.get(start..at)?;
        if !taken {
            others.extend_from_slice(field);
        }
    }
    M::decode(others.as_slice()).ok()
}

/// Appends a packed column of `uint32`; too large ones lose their upper bits, as protobuf has it.
pub(crate) fn uint32(bytes: &[u8], column: &mut Vec<u32>) -> Option<bool> {
    numbers(bytes, column, |value| value as u32)
}

/// Appends a packed column of `sint64`.
pub(crate) fn sint64(bytes: &[u8], column: &mut Vec<i64>) -> Option<bool> {
    numbers(bytes, column, |value| (value >> 1) as i64 ^ -((value & 1) as i64))
}

fn numbers<T>(bytes: &[u8], column: &mut Vec<T>, of: impl Fn(u64) -> T) -> Option<bool> {
    // Each number ends with a byte that has its upper bit clear.
    column.reserve(bytes.iter().filter(|&&byte| byte < 0x80).count());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            at += 1;
            column.push(of(byte.into()));
        } else {
            column.push(of(varint(bytes, &mut at)?));
        }
    }
    Some(true)
}

/// A number of up to ten bytes, seven bits each, the lowest first.
#[inline]
fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        // The tenth byte has room for one bit.
        if shift == 63 && byte > 1 {
            return None;
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::CallTreeColumns;
    use crate::diff::{DiffColumns, DiffResponse};
    use crate::messages::CallTreeResponse;
    use proptest::prelude::*;

    fn any_columns() -> impl Strategy<Value = CallTreeColumns> {
        let number = prop_oneof![0..300u32, any::<u32>()];
        let value = prop_oneof![-300..300i64, any::<i64>()];
        (
            prop::collection::vec(".{0,4}", 0..4),
            prop::collection::vec(number.clone(), 0..9),
            prop::collection::vec(number, 0..9),
            prop::collection::vec(value, 0..9),
        )
            .prop_map(|(strings, node_frame, node_children, node_self)| CallTreeColumns {
                strings,
                frame_line: node_children.clone(),
                node_frame,
                node_children,
                node_self,
                ..CallTreeColumns::default()
            })
    }

    proptest! {
        #[test]
        fn decodes_as_prost_encodes(columns in any_columns(), unit in ".{0,3}", profiles: u64) {
            prop_assert_eq!(&CallTreeColumns::from_bytes(&columns.encode_to_vec()).unwrap(), &columns);
            let answer = CallTreeResponse { tree: Some(columns.clone()), unit, profiles, ..Default::default() };
            prop_assert_eq!(CallTreeResponse::from_bytes(&answer.encode_to_vec()).unwrap(), answer);
            let tree = DiffColumns { comparison_self: columns.node_self.clone(), baseline: Some(columns) };
            let answer = DiffResponse { tree: Some(tree), ..Default::default() };
            prop_assert_eq!(DiffResponse::from_bytes(&answer.encode_to_vec()).unwrap(), answer);
        }

        #[test]
        fn decodes_any_bytes_like_prost(bytes in prop::collection::vec(any::<u8>(), 0..60), columns in any_columns()) {
            let mut damaged = columns.encode_to_vec();
            damaged.extend(&bytes);
            for bytes in [bytes, damaged] {
                prop_assert_eq!(CallTreeColumns::from_bytes(&bytes), CallTreeColumns::decode(bytes.as_slice()));
            }
        }
    }

    #[test]
    fn falls_back_to_prost_for_unpacked_columns() {
        // Twice field 7 as a number, once packed.
        let bytes = [7 << 3, 1, (7 << 3) | 2, 1, 2, 7 << 3, 3];
        assert_eq!(CallTreeColumns::from_bytes(&bytes).unwrap().node_frame, [1, 2, 3]);
    }
}
