//! Costs that only moved: a function grew and its caller did not.

use super::{EXPLAINS, MovedFrom, Tested};
use crate::call_tree::NodeId;

/// The part of a change that a caller shows if costs only moved below it.
const MOVED: f64 = 0.25;
/// How far the factors of callees may be from the common one, as a part of it, for all to have lost by one factor.
const ALIKE: f64 = 0.25;
/// The part of what callees lost that makes one of them stand out.
const STANDS_OUT: f64 = 0.5;
/// The part of what moved that tells where it went.
const TAKES_OVER: f64 = 0.4;

impl Tested<'_> {
    /// Which function below the caller of `top`, or the caller itself, lost or gained the most, if the caller costs what it did.
    pub(super) fn moved(&self, top: NodeId) -> Option<MovedFrom> {
        let caller = self.tree.shape().parent(top);
        let change = self.difference(top);
        if caller == NodeId::ROOT
            || self.direction(caller).is_some()
            || (self.difference(caller) / change).abs() > MOVED
            || self.does_less_work(caller)
        {
            return None;
        }
        let opposite = |node: &NodeId| -self.difference(*node) / change;
        let child = self.tree.shape().children(caller).max_by(|a, b| opposite(a).total_cmp(&opposite(b)));
        let by_itself = -self.difference_of(self.tree.self_value(caller)) / change;
        Some(match child.map(|node| (node, opposite(&node))) {
            _ if by_itself >= TAKES_OVER => MovedFrom::Caller(self.tree.frame(caller)),
            Some((node, part)) if part >= TAKES_OVER => MovedFrom::Function(self.tree.frame(node)),
            _ => MovedFrom::Others,
        })
    }

    /// Whether all callees of a function but those that grew lost by one factor. Then it does less work for what it costs, as a
    /// service at its limit does when a part of each request costs more, and nothing has moved.
    fn does_less_work(&self, caller: NodeId) -> bool {
        let costs: Vec<[f64; 2]> =
            self.tree.shape().children(caller).map(|node| self.by_weight(self.tree.total(node))).collect();
        let losers: Vec<[f64; 2]> = costs.iter().copied().filter(|[before, after]| after < before).collect();
        let sum = |side: usize, of: &[[f64; 2]]| of.iter().map(|cost| cost[side]).sum::<f64>();
        let (before, after) = (sum(0, &losers), sum(1, &losers));
        let factor = after / before;
        let is_alike = |[before, after]: &&[f64; 2]| (after / before - factor).abs() <= ALIKE * factor;
        let alike: f64 = losers.iter().filter(is_alike).map(|[before, _]| before).sum();
        let largest = losers.iter().map(|[before, after]| before - after).fold(0.0, f64::max);
        before > 0.0 && alike >= EXPLAINS * sum(0, &costs) && largest <= STANDS_OUT * (before - after)
    }
}
