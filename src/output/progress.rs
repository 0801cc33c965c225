//! The bar that shows how far a run is.

use std::fmt;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// A bar on the terminal; nothing at all in a pipe or where quiet is wanted.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// * `replications` - how many there will be
    /// * `is_quiet` - true: nothing is drawn
    pub fn new(replications: u64, is_quiet: bool) -> Progress {
        let target = if is_quiet {
            ProgressDrawTarget::hidden()
        } else {
            // Draws nothing where it is no terminal.
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(replications), target);
        let template =
            "{bar:32} {human_pos} of {human_len} replications, {rate} a second, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                // Writing to a string does not fail.
                let _ = write!(out, "{:.0}", state.per_sec());
            };
            bar.set_style(style.with_key("rate", rate).progress_chars("█▌░"));
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(250));
        }
        Progress { bar }
    }

    /// One more replication is complete. May be called from any thread.
    pub fn advance(&self) {
        self.bar.inc(1);
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
