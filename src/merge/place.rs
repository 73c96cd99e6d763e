//! Where something new goes in a list whose order is its owner's.
//! Pure.

/// Behind its nearest predecessor in `order`, else before its nearest successor, else at the end.
pub fn among<T: PartialEq>(present: &[T], order: &[T], new: &T) -> usize {
    let find = |wanted: &T| present.iter().position(|item| item == wanted);
    let own = order
        .iter()
        .position(|item| item == new)
        .unwrap_or(order.len());
    let (before, after) = order.split_at(own);
    let behind = before.iter().rev().find_map(find).map(|at| at + 1);
    behind
        .or_else(|| after.iter().find_map(find))
        .unwrap_or(present.len())
}
