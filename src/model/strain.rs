//! Strain: fatigue with memory, in closed form between changes of the workload ratio.
//!
//! `dz/dt = (target - z) / tau` with `target = gain x max(0, rho - onset)`, so over a time `t`
//! `z = target + (z0 - target) exp(-t / tau)`.

/// What strain did over a stretch of time with one target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Strain at its end [SD].
    pub end: f64,
    /// Integral of strain over it [SD days].
    pub integral: f64,
    /// Time in it with strain above the threshold [days].
    pub above: f64,
}

/// Strain over a stretch of time.
///
/// * `z` - strain at its beginning [SD]; `target` - where it tends [SD], >= 0
/// * `tau` - memory [days]; 0: strain is at its target at once
/// * `days` - length, >= 0 [days]
/// * `threshold` - of burnout, `c - a` [SD]; a worker exactly on it is not burnt out
#[inline]
pub fn stretch(z: f64, target: f64, tau: f64, days: f64, threshold: f64) -> Stretch {
    if z == target || tau == 0.0 {
        let above = if target > threshold { days } else { 0.0 };
        return Stretch {
            end: target,
            integral: target * days,
            above,
        };
    }
    let decay = libm::exp(-days / tau);
    let end = target + (z - target) * decay;
    let integral = target * days + (z - target) * tau * (1.0 - decay);
    let above = match (z > threshold, end > threshold) {
        (true, true) => days,
        (false, false) => 0.0,
        (was, _) => {
            let crossing = (tau * libm::log((z - target) / (threshold - target))).clamp(0.0, days);
            if was { crossing } else { days - crossing }
        }
    };
    Stretch {
        end,
        integral,
        above,
    }
}

/// Strain at the end of a stretch alone [SD]; arguments as in [`stretch`].
pub fn after(z: f64, target: f64, tau: f64, days: f64) -> f64 {
    if z == target || tau == 0.0 {
        target
    } else {
        target + (z - target) * libm::exp(-days / tau)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_cut_in_two_is_the_same_stretch() {
        let whole = stretch(0.2, 1.5, 91.0, 120.0, 0.9);
        let first = stretch(0.2, 1.5, 91.0, 47.0, 0.9);
        let second = stretch(first.end, 1.5, 91.0, 73.0, 0.9);
        assert!((whole.end - second.end).abs() < 1e-12);
        assert!((whole.integral - first.integral - second.integral).abs() < 1e-9);
        assert!((whole.above - first.above - second.above).abs() < 1e-9);
        assert!(whole.above > 0.0 && whole.above < 120.0);
    }

    #[test]
    fn without_memory_strain_is_at_its_target() {
        assert_eq!(
            stretch(0.0, 0.4, 0.0, 2.0, 0.3),
            Stretch {
                end: 0.4,
                integral: 0.8,
                above: 2.0
            }
        );
    }

    #[test]
    fn on_the_threshold_nobody_is_burnt_out() {
        assert_eq!(stretch(0.5, 0.5, 91.0, 3.0, 0.5).above, 0.0);
    }
}
