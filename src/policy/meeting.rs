//! When are cases given out?

/// When allocation happens. A meeting is at 00:00 of its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// As soon as there is a case and a worker who may take it.
    AtOnce,
    /// Each working day.
    Daily,
    /// Once a week; on the next working day where that day is a holiday.
    Weekly {
        /// 0 is Monday, 4 is Friday.
        weekday: u8,
    },
}
