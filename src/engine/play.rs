//! One replication at play: its state, its slots on the agenda, and the order within an instant.

use crate::engine::agenda::{Agenda, Slot, rank};
use crate::engine::bits::Bits;
use crate::engine::case::{Case, Cases, NOBODY};
use crate::engine::guard::Guard;
use crate::engine::ladder::Ladder;
use crate::engine::lines::Firsts;
use crate::engine::observer::Observer;
use crate::engine::queue::{self, Queue, Unit};
use crate::engine::roster::{Help, Roster, Terms};
use crate::engine::tally::Census;
use crate::engine::worker::{Clock, Worker};
use crate::engine::world::World;
use crate::model::law::Law;
use crate::policy::Policy;
use crate::policy::arrow::Arrow;
use crate::policy::choices::{Choices, Phase};
use crate::policy::limit::Measure;
use crate::random::stream::Luck;

/// What comes first within one instant; inside a kind by post, then by case number.
///
/// An instant at 00:00 belongs to the day that begins. First comes what ended with the day before (the month end), then
/// what holds from this day (dated changes), so that everything else that happens at 00:00 already sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Moment {
    MonthEnd,
    PolicyChange,
    Exit,
    HandoverEnd,
    AbsenceEnd,
    AbsencePoint,
    Cover,
    LeavingPoint,
    Leave,
    OverlapEnd,
    Start,
    AgencyStart,
    Growth,
    Monitoring,
    Referral,
    Patience,
    Meeting,
}

impl Moment {
    /// The rank of an event of this kind that belongs to no post and no case.
    pub(super) fn rank(self) -> u64 {
        rank(self as u8, 0, 0)
    }

    /// The rank of an event of a post.
    pub(super) fn of_post(self, post: u32) -> u64 {
        rank(self as u8, post, 0)
    }

    /// The rank of an event of a case; those without a worker come after all posts.
    pub(super) fn of_case(self, post: Option<u32>, number: u32) -> u64 {
        rank(self as u8, post.unwrap_or(0x00FF_FFFF), number)
    }
}

/// Agenda slots that belong to the service.
pub(super) const MONTH_END: Slot = 0;
pub(super) const MEETING: Slot = 1;
pub(super) const INTAKE: Slot = 2;
pub(super) const ARRIVAL: Slot = 3;
pub(super) const CHANGE: Slot = 4;
pub(super) const MONITOR: Slot = 5;
pub(super) const RELIEF: Slot = 6;
/// Where the slots of workers begin.
const WORKERS: Slot = 7;

/// Whose slot it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Service(Slot),
    /// Next exit of a case whose clocks run with a worker's.
    Work(u32),
    /// Next change of a person.
    Person(u32),
    /// Next change of a vacancy.
    Vacancy(u32),
    /// Next change of a case that a worker does not move.
    Case(u32),
    /// Next change of a unit on a waiting list.
    Unit(u32),
}

/// A vacant post: when it is filled and when agency covers it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vacancy {
    pub(super) is_open: bool,
    pub(super) opened: f64,
    /// Time to the newcomer at filling speed 1, as of `since` [days]; infinity: never.
    pub(super) fill_left: f64,
    pub(super) since: f64,
    pub(super) agency_at: f64,
    /// The lead is over, but all agency places were taken.
    pub(super) wants_agency: bool,
    /// How many incumbents, and agency workers, the post has had.
    pub(super) incumbents: u32,
    pub(super) agency_workers: u32,
}

/// Referrals to come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arriving {
    /// Families so far.
    pub(super) families: u64,
    pub(super) month: usize,
    /// Time used of the month, in days on which families come [days].
    pub(super) used: f64,
    /// Noise factor of the month [1].
    pub(super) noise: f64,
}

/// Loads and limits of one worker as allocation sees them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Load in the measure of the limit, and the limit; a limit below 0 is not asked.
    pub(super) load: f64,
    pub(super) limit: f64,
    /// What the least loaded has least of, and what its load is divided by for that.
    pub(super) ratio: f64,
    pub(super) size: f64,
}

/// What the choices of a team come to, worked out when they begin to hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Measure of the limit; cases without one.
    pub(super) measure: Measure,
    /// What the least loaded has least of, before it is divided.
    pub(super) ranks_by: Measure,
    /// One of the two differs between stages.
    pub(super) weighs_stages: bool,
    /// The least that a unit adds to a worker who holds none of its family: who has no room for it is not asked.
    /// Minus infinity where the limit of one worker is not held to.
    pub(super) room_for: f64,
    /// The least loaded is asked first.
    pub(super) is_by_ratio: bool,
    /// The limit is one of each worker, and held to.
    pub(super) is_held_to: bool,
    /// Nothing but the order of the least loaded and a limit of each worker decides who takes a case.
    pub(super) is_plain: bool,
    /// The limit is a mean of the service: room in any team is room in this one.
    pub(super) shares_room: bool,
    /// Units may go to other teams once they have waited long.
    pub(super) lends: bool,
    /// The manager tolerates only so many unallocated.
    pub(super) sheds: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            measure: Measure::Cases,
            ranks_by: Measure::Cases,
            weighs_stages: false,
            room_for: f64::NEG_INFINITY,
            is_by_ratio: true,
            is_held_to: false,
            is_plain: false,
            shares_room: false,
            lends: false,
            sheds: false,
        }
    }
}

/// What a test can see of a replication at play.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// The loop took an entry of this moment from the agenda.
    Due(u8),
    Round,
    Opened,
    Waits,
    Held,
    LetGo,
    Closed,
}

/// One thing that happened, for tests.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    pub(super) time: f64,
    pub(super) what: What,
    /// Worker slot; of an entry of the agenda the post.
    pub(super) worker: u32,
    /// Case number.
    pub(super) case: u32,
    pub(super) identity: u64,
    /// Cases of the worker before, its limit, and whether it may be asked.
    pub(super) load: f64,
    pub(super) limit: f64,
    pub(super) may_be_asked: bool,
    pub(super) stage: u16,
}

/// Memory of one replication after another.
#[derive(Clone, Debug, Default)]
pub(super) struct Board {
    pub(super) agenda: Agenda,
    pub(super) cases: Cases,
    pub(super) units: Vec<Unit>,
    pub(super) workers: Vec<Worker>,
    /// [worker x classes + class]
    pub(super) clocks: Vec<Clock>,
    pub(super) firsts: Firsts,
    /// Direct work that the cases of each class need [hours a week], [worker x classes + class]; where there is more than one.
    pub(super) class_needs: Vec<f64>,
    /// The part of it that is of cases in handover, likewise.
    pub(super) class_handovers: Vec<f64>,
    pub(super) vacancies: Vec<Vacancy>,
    pub(super) terms: Terms,
    /// Whether the limit has lapsed, and whether referrals are turned away, by team.
    pub(super) lapsed: Vec<bool>,
    pub(super) screening: Vec<bool>,
    /// Relief by team; of the service in the first place.
    pub(super) help: Vec<Help>,
    /// Unmet effects `k` of the risk clocks: the world's, or 0 where that feedback is cut.
    pub(super) effects: Vec<f64>,
    /// Place among the team's workers after the one who was given the last unit, by team.
    pub(super) last_taker: Vec<u32>,
    /// Cases on managers' desks; some may have left them since.
    pub(super) managed: Vec<u32>,
    pub(super) queues: Vec<Queue>,
    /// Teams where something has changed since the last round: a unit came, or room did.
    pub(super) stirred: Bits,
    /// Units on all lists, and those of them that are given out whatever the limit.
    pub(super) units_waiting: u32,
    pub(super) units_forced: u32,
    /// [worker]
    pub(super) places: Vec<Place>,
    /// By team.
    pub(super) rules: Vec<Rules>,
    /// Ratios of the workers of each team who may have room, by team.
    pub(super) ladders: Vec<Ladder>,
    pub(super) observer: Observer,
    /// Scratch: cases at hand.
    pub(super) hand: Vec<u32>,
    pub(super) group: Vec<u32>,
    pub(super) sorted: Vec<f64>,
    pub(super) other_sorted: Vec<f64>,
    /// Scratch: how often each number of cases occurs.
    pub(super) tallied: Vec<u32>,
    /// Scratch: what a census found in the service, each team and each grade.
    pub(super) counted: Vec<Census>,
    /// Scratch: whole durations of the clocks of a settled case.
    pub(super) settled: Vec<f64>,
    /// Scratch: the children of the unit that is asked about, who holds its siblings, and who has declined it.
    pub(super) asked: Vec<u32>,
    pub(super) holders: Vec<u32>,
    pub(super) declined: Vec<bool>,
    /// Scratch: units by how long they have waited: since, sequence, unit, team.
    pub(super) longest: Vec<(f64, u32, u32, u16)>,
    /// Units that managers hold, by case number, and the speed of their work [1].
    pub(super) held_units: Vec<u32>,
    pub(super) held_speed: f64,
    /// A case has left a manager's desk since their desks were last looked at.
    pub(super) left_a_desk: bool,
    /// Scratch: first units of the lists, and those that managers are to hold.
    pub(super) heads: Vec<(queue::Place, u32)>,
    pub(super) held_spare: Vec<u32>,
    /// Scratch: cases that leave with their worker.
    pub(super) leaving_cases: Vec<u32>,
    /// Scratch: relief workers sent to each team.
    pub(super) sent: Vec<u32>,
    #[cfg(test)]
    pub(super) trace: Vec<Mark>,
    #[cfg(test)]
    pub(super) looks_everywhere: bool,
}

/// A replication at play.
pub(super) struct Play<'a> {
    pub(super) world: &'a World,
    pub(super) board: &'a mut Board,
    pub(super) luck: Luck,
    /// The choices that hold now.
    pub(super) phase: &'a Phase,
    /// The policy under study: it begins when the warm-up ends.
    pub(super) chosen: &'a Policy,
    pub(super) roster: &'a Roster,
    /// Slots of the agenda before those of the cases.
    pub(super) fixed_slots: Slot,
    pub(super) now: f64,
    pub(super) arriving: Arriving,
    pub(super) persons: u32,
    /// Cases that have become unallocated so far.
    pub(super) sequence: u32,
    /// Cases that have been given to a worker so far.
    pub(super) received: u32,
    pub(super) agency_workers: usize,
    /// Agency workers at most.
    pub(super) agency_places: usize,
    /// Speed at which vacancies fill [1].
    pub(super) filling_speed: f64,
    pub(super) time_to_fill: Option<&'a Law>,
    pub(super) handover_days: f64,
    /// Days of the calendar year at hand [days].
    pub(super) days_of_year: f64,
    /// Rules that begin and end with figures look at them after every event.
    pub(super) watches_live: bool,
    /// Room in one team may be room for what waits in another.
    pub(super) shares_room: bool,
    /// Some manager tolerates only so many unallocated.
    pub(super) sheds: bool,
    pub(super) is_stirred: bool,
    /// There are more cases than the caches hold.
    pub(super) looks_ahead: bool,
    pub(super) guard: Guard<'a>,
}

impl<'a> Play<'a> {
    pub(super) fn work_slot(&self, worker: u32) -> Slot {
        WORKERS + 2 * worker
    }

    pub(super) fn person_slot(&self, worker: u32) -> Slot {
        WORKERS + 2 * worker + 1
    }

    pub(super) fn vacancy_slot(&self, post: u32) -> Slot {
        WORKERS + 2 * self.board.workers.len() as u32 + post
    }

    pub(super) fn case_slot(&self, case: u32) -> Slot {
        self.fixed_slots + 2 * case
    }

    pub(super) fn unit_slot(&self, case: u32) -> Slot {
        self.fixed_slots + 2 * case + 1
    }

    /// Slots that a roster needs before there is any case.
    pub(super) fn fixed_slots(roster: &Roster) -> Slot {
        WORKERS + 2 * roster.slots() as u32 + roster.posts() as u32
    }

    pub(super) fn owner(&self, slot: Slot) -> Owner {
        let cases = self.fixed_slots;
        if slot >= cases {
            let offset = slot - cases;
            return if offset.is_multiple_of(2) {
                Owner::Case(offset / 2)
            } else {
                Owner::Unit(offset / 2)
            };
        }
        if slot < WORKERS {
            return Owner::Service(slot);
        }
        let offset = slot - WORKERS;
        let workers = 2 * self.board.workers.len() as u32;
        if offset >= workers {
            Owner::Vacancy(offset - workers)
        } else if offset.is_multiple_of(2) {
            Owner::Work(offset / 2)
        } else {
            Owner::Person(offset / 2)
        }
    }

    /// Writes down for a test what happens to a case, and to the worker it has.
    #[cfg(test)]
    pub(super) fn note(&mut self, what: What, case: u32, worker: u32) {
        let at = self.case(case);
        let has_worker = worker != NOBODY;
        let mark = Mark {
            time: self.now,
            what,
            worker,
            case: at.number,
            identity: at.identity,
            load: if has_worker {
                self.worker(worker).lines.len() as f64
            } else {
                0.0
            },
            limit: if has_worker {
                self.limit_of(worker)
            } else {
                f64::NAN
            },
            may_be_asked: has_worker && self.worker(worker).may_be_asked(),
            stage: at.stage,
        };
        self.board.trace.push(mark);
    }

    /// Writes down for a test what the loop does.
    #[cfg(test)]
    pub(super) fn note_loop(&mut self, what: What, rank: u64) {
        self.board.trace.push(Mark {
            time: self.now,
            what,
            worker: (rank >> 32) as u32 & 0x00FF_FFFF,
            case: rank as u32,
            identity: 0,
            load: 0.0,
            limit: 0.0,
            may_be_asked: false,
            stage: 0,
        });
    }

    /// The choices that hold in a team now.
    pub(super) fn choices(&self, team: u16) -> &'a Choices {
        self.phase.of_team(team as usize)
    }

    /// True where the policy cuts a feedback, in the warm-up too.
    pub(super) fn is_cut(&self, arrow: Arrow) -> bool {
        self.chosen.cuts.has(arrow)
    }

    pub(super) fn case(&self, case: u32) -> &Case {
        &self.board.cases.list[case as usize]
    }

    pub(super) fn case_mut(&mut self, case: u32) -> &mut Case {
        &mut self.board.cases.list[case as usize]
    }

    pub(super) fn worker(&self, worker: u32) -> &Worker {
        &self.board.workers[worker as usize]
    }

    pub(super) fn worker_mut(&mut self, worker: u32) -> &mut Worker {
        &mut self.board.workers[worker as usize]
    }

    /// Post of a worker slot.
    pub(super) fn post_of(&self, worker: u32) -> u32 {
        worker / self.roster.seats as u32
    }

    /// A list of cases to walk through while the board changes; give it back to `hand`.
    pub(super) fn take_hand(&mut self) -> Vec<u32> {
        let mut hand = std::mem::take(&mut self.board.hand);
        hand.clear();
        hand
    }

    /// The children of a case's family who are in the books, in order of number.
    pub(super) fn family(&self, case: u32) -> impl Iterator<Item = u32> + '_ {
        let in_books = |at: u32| (at != NOBODY).then_some(at);
        std::iter::successors(in_books(self.board.cases.eldest(case)), move |at| {
            in_books(self.case(*at).sibling)
        })
    }

    /// Those of them that pass a test.
    pub(super) fn siblings(
        &self,
        case: u32,
        into: &mut Vec<u32>,
        is_meant: impl Fn(&Case) -> bool,
    ) {
        into.extend(self.family(case).filter(|at| is_meant(self.case(*at))));
    }
}
