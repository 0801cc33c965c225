//! One seed to many streams.
//!
//! Every draw belongs to something that exists under every policy: a family, a child's stage, an
//! incumbent of a post. Its stream is keyed by (seed, replication, kind, identity, occasion,
//! purpose), so a new draw elsewhere, or another policy, leaves all other luck alone.
//!
//! The key is folded word by word with the finalizer of SplitMix64 (Steele, Lea and Flood 2014), and a stream is
//! SplitMix64 itself, from the state that the key folds to: beginning one costs little more than a draw, which is what
//! the engine does most, since a stream seldom gives more than three numbers. All streams are stretches of one cycle
//! of 2^64 states; two of a replication with 10^5 streams of ten numbers overlap with probability below 1e-8.

/// The generator, by name, for the manifest.
pub const GENERATOR: &str = "SplitMix64, keyed by its finalizer over (seed, replication, kind, purpose, identity, occasion)";

/// What a draw belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A family that is referred, by its number from 0.
    Referral = 1,
    /// A family open at the origin.
    Opening = 2,
    /// A family closed before the origin that still owes its return.
    Owed = 3,
    /// A child: its family's kind and number and its place there, packed by the engine.
    Child = 4,
    /// The incumbents of a post, by post; the occasion is the incumbent.
    Incumbent = 5,
    /// The agency workers of a post.
    AgencyWorker = 6,
    /// A calendar month, by months since the start.
    Month = 7,
    /// The service as a whole.
    Service = 8,
    /// An uncertain parameter, by the hash of its key; the replication is the number of the world.
    Parameter = 9,
    /// The relief workers of a seat, by team and seat there.
    ReliefWorker = 10,
    /// One varied key of a design, by its place there; no replication has a part in it.
    Design = 11,
}

/// What a draw is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// When a family comes.
    Arrival = 1,
    /// Size and area of a family.
    Family = 2,
    /// First stage of a child.
    FirstStage = 3,
    /// Durations and next stages of one stay in a stage.
    Stage = 4,
    /// Whether, and when, a group of children returns.
    Return = 5,
    /// How long a manager holds to the limit for a unit.
    Patience = 6,
    /// A person: disposition, grade, months in post.
    Person = 7,
    /// The field of points of leaving; the identity also carries the strip.
    Leaving = 8,
    /// The field of points of absence.
    Absence = 9,
    /// Length of absences.
    Spell = 10,
    /// Notice.
    Notice = 11,
    /// Time to fill the vacancy behind an incumbent.
    Filling = 12,
    /// Time to agency cover of a vacancy.
    AgencyLead = 13,
    /// Monthly noise of referrals.
    Noise = 14,
    /// How many returns are still owed.
    Count = 15,
    /// Value of an uncertain parameter.
    Value = 16,
    /// Whether a family is screened out, and when it comes again.
    Screening = 17,
    /// Whether a worker who is asked declines.
    Discussion = 18,
    /// The lot of a worker where a case goes to anyone.
    Lot = 19,
    /// How a manager sees the load of a person.
    View = 20,
    /// What is drawn anew from numbers that are there, to see how far chance may have moved an estimate.
    Resampling = 21,
    /// Whether a person is absent at the origin, and for how long already.
    AbsenceAtStart = 22,
    /// Whether a person is under notice at the origin, and for how long still.
    NoticeAtStart = 23,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
/// An odd number without a pattern, the first digits of the square root of 2: occasions are spread by it.
const ODD: u64 = 0x6A09_E667_F3BC_C909;

/// The finalizer of SplitMix64.
#[inline]
fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

fn fold(state: u64, word: u64) -> u64 {
    mix(state.wrapping_add(GOLDEN) ^ mix(word.wrapping_add(GOLDEN)))
}

/// The luck of one replication: where its streams come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Luck {
    root: u64,
}

impl Luck {
    /// The luck of a replication, the same under every policy.
    pub fn new(seed: u64, replication: u64) -> Luck {
        Luck {
            root: fold(fold(0, seed), replication),
        }
    }

    /// The stream of one thing.
    ///
    /// * `identity` - which thing of its kind
    /// * `occasion` - which time: the incumbent of a post, the spell and stage of a child
    #[inline]
    pub fn stream(&self, kind: Kind, identity: u64, occasion: u64, purpose: Purpose) -> Stream {
        let label = ((kind as u64) << 8) | purpose as u64;
        let thing = mix((self.root ^ label.wrapping_mul(GOLDEN)).wrapping_add(identity));
        Stream(mix(thing ^ occasion.wrapping_mul(ODD)))
    }
}

/// A stream of uniform numbers: the state of a SplitMix64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream(u64);

impl Stream {
    /// 64 random bits.
    #[inline]
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A uniform number in [0, 1), a multiple of 2^-53.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A uniform number in (0, 1), never an end: an odd multiple of 2^-53.
    #[inline]
    pub fn uniform_open(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::{Rng, SeedableRng};
    use rand_xoshiro::SplitMix64;

    #[test]
    fn a_stream_is_splitmix64_as_another_library_has_it() {
        let mut ours = Luck::new(3, 5).stream(Kind::Child, 7, 11, Purpose::Stage);
        let mut theirs = SplitMix64::from_seed(ours.0.to_le_bytes());
        assert!((0..1000).all(|_| ours.bits() == theirs.next_u64()));
    }

    #[test]
    fn a_stream_is_a_function_of_its_key_alone() {
        let draw = |replication, identity, occasion, purpose| {
            Luck::new(7, replication)
                .stream(Kind::Child, identity, occasion, purpose)
                .uniform()
        };
        assert_eq!(draw(1, 2, 3, Purpose::Stage), draw(1, 2, 3, Purpose::Stage));
        let others = [
            draw(1, 2, 3, Purpose::Stage),
            draw(0, 2, 3, Purpose::Stage),
            draw(1, 3, 3, Purpose::Stage),
            draw(1, 2, 4, Purpose::Stage),
            draw(1, 2, 3, Purpose::Return),
        ];
        for (at, one) in others.iter().enumerate() {
            assert!(others[..at].iter().all(|other| other != one));
        }
    }

    /// Null: first numbers of neighbouring keys are independent and uniform. Over 200,000 pairs the mean
    /// of (u - 1/2)(v - 1/2) has standard error 1/(12 sqrt n); |z| < 4.5 fails once in 150,000 times.
    #[test]
    fn neighbouring_keys_are_uncorrelated() {
        let luck = Luck::new(2025, 0);
        let n = 200_000;
        for step in [1u64, 32, 1 << 20] {
            let mut sum = 0.0;
            let mut total = 0.0;
            for identity in 0..n {
                let u = luck
                    .stream(Kind::Child, identity, 0, Purpose::Stage)
                    .uniform();
                let v = luck
                    .stream(Kind::Child, identity + step, 0, Purpose::Stage)
                    .uniform();
                sum += (u - 0.5) * (v - 0.5);
                total += u;
            }
            let n = n as f64;
            assert!((sum / n * 12.0 * n.sqrt()).abs() < 4.5, "step {step}");
            assert!(((total / n - 0.5) * (12.0 * n).sqrt()).abs() < 4.5);
        }
    }
}
