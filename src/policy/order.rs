//! Who waits first in line?

/// The order of the waiting list: stage priority, then transfers or not, then the time of becoming
/// unallocated, then the order in which they became so, then case number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Order {
    /// Cases that have had a worker in this spell go before new ones of the same priority.
    pub transfers_first: bool,
    /// A unit that has waited this long rises to the top [working days].
    pub rises_after_working_days: Option<u32>,
}

impl Default for Order {
    fn default() -> Order {
        Order {
            transfers_first: true,
            rises_after_working_days: None,
        }
    }
}
