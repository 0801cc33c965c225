//! Closed forms of strain (in work).
