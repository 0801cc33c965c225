//! The loop of one replication.
//!
//! Time goes from event to event. The agenda gives the next; what it does stands in the room of the thing
//! that it happens to. When nothing more is due in an instant, what has become unallocated or free in it is
//! given out, and then time goes on.

use std::sync::atomic::AtomicBool;

use crate::engine::agenda::Slot;
use crate::engine::case::State;
use crate::engine::guard::{Endless, Guard, Unfinished};
use crate::engine::play::{
    ARRIVAL, Arriving, Board, CHANGE, INTAKE, MEETING, MONITOR, MONTH_END, Moment, Owner, Place,
    Play, RELIEF, Rules, Vacancy,
};
use crate::engine::queue::Round;
use crate::engine::roster::Help;
use crate::engine::sums::RECORDS;
use crate::engine::worker::{Clock, Worker};
use crate::engine::world::World;
use crate::policy::arrow::Arrow;
use crate::random::stream::Luck;

/// Memory that replications on one thread use again and again; it holds no result.
#[derive(Debug, Default)]
pub struct Arena {
    board: Board,
}

impl Arena {
    /// An empty arena, for any world.
    pub fn new() -> Arena {
        Arena::default()
    }

    /// What the last replication did.
    #[cfg(test)]
    pub(super) fn trace(&self) -> &[crate::engine::play::Mark] {
        &self.board.trace
    }

    /// Every list is looked through at the end of every instant, whether or not something has changed there.
    #[cfg(test)]
    pub(super) fn look_everywhere(&mut self, always: bool) {
        self.board.looks_everywhere = always;
    }
}

/// Plays one replication under one policy and fills its record.
///
/// A pure function of (scenario, policy, seed, replication): the arena only lends memory.
///
/// * `policy` - index among the scenario's policies
/// * `record` - (world.layout.len(),) filled whole; NaN where a number is missing
/// * `stop` - looked at every thousand steps of work; whether and when it is set changes no record that is complete
///
/// # Errors
/// [`Unfinished`]: the flag was set, or time stands still. What `record` holds then means nothing.
pub fn replicate(
    world: &World,
    policy: usize,
    seed: u64,
    replication: u64,
    arena: &mut Arena,
    record: &mut [f64],
    stop: &AtomicBool,
) -> Result<(), Unfinished> {
    record.fill(f64::NAN);
    let policies = &world.scenario.policies;
    let has_warm_up = world.scenario.calendar.warm_up_months > 0;
    let mut play = Play {
        world,
        board: &mut arena.board,
        luck: Luck::new(seed, replication),
        phase: if has_warm_up {
            &policies[0].phases[0]
        } else {
            &policies[policy].phases[0]
        },
        chosen: &policies[policy],
        roster: &world.rosters[policy],
        fixed_slots: Play::fixed_slots(&world.rosters[policy]),
        now: 0.0,
        arriving: Arriving {
            noise: 1.0,
            ..Arriving::default()
        },
        persons: 0,
        sequence: 0,
        received: 0,
        agency_workers: 0,
        agency_places: 0,
        filling_speed: 1.0,
        time_to_fill: world.scenario.recruitment.as_ref().map(|r| &r.time_to_fill),
        handover_days: world.scenario.handover_days,
        days_of_year: world.days_of_year.first().copied().unwrap_or(365.0),
        watches_live: false,
        shares_room: false,
        sheds: false,
        is_stirred: false,
        looks_ahead: false,
        guard: Guard::new(stop),
    };
    play.set_up();
    play.run(record)?;
    if RECORDS {
        play.finish(record);
    }
    Ok(())
}

/// Cases in the opening caseload from which on a look ahead pays: they no longer stay in the second cache.
const MANY: usize = 10_000;

impl Play<'_> {
    /// Clears the board and opens the service at the origin.
    fn set_up(&mut self) {
        let world = self.world;
        let board = &mut *self.board;
        let roster = self.roster;
        let workers = roster.slots();
        let (teams, grades) = (world.scenario.teams.len(), world.scenario.grades.len());
        board.agenda.reset(
            self.fixed_slots as usize,
            world.buckets,
            world.scenario.calendar.horizon,
        );
        #[cfg(test)]
        board.trace.clear();
        board.cases.reset(world.effects.len());
        board.units.clear();
        board.workers.truncate(workers);
        for number in 0..workers {
            let post = number / roster.seats;
            let is_agency = number % roster.seats == 1 || roster.is_relief(post as u32);
            let team = roster.post_team[post];
            match board.workers.get_mut(number) {
                Some(worker) => {
                    (worker.post, worker.team, worker.is_agency) = (post as u32, team, is_agency);
                    worker.empty();
                }
                None => board
                    .workers
                    .push(Worker::vacant(post as u32, team, is_agency)),
            }
        }
        let kinds = if world.has_pace {
            1 + world.effects.len()
        } else {
            0
        };
        board.firsts.reset(workers, kinds);
        board.clocks.clear();
        board.clocks.resize(workers * world.classes, Clock::new());
        board.class_needs.clear();
        board.class_needs.resize(workers * world.classes, 0.0);
        board.class_handovers.clear();
        board.class_handovers.resize(workers * world.classes, 0.0);
        board.places.clear();
        board.places.resize(
            workers,
            Place {
                load: 0.0,
                limit: -1.0,
                ratio: f64::INFINITY,
                size: 0.0,
            },
        );
        board.rules.clear();
        board.rules.resize(teams, Rules::default());
        board.ladders.resize_with(teams, Default::default);
        for (ladder, workers) in board.ladders.iter_mut().zip(&roster.team_workers) {
            ladder.reset(workers.len());
        }
        board.vacancies.clear();
        let vacancy = Vacancy {
            is_open: false,
            opened: 0.0,
            fill_left: f64::INFINITY,
            since: 0.0,
            agency_at: f64::INFINITY,
            wants_agency: false,
            incumbents: 0,
            agency_workers: 0,
        };
        board.vacancies.resize(roster.posts(), vacancy);
        board.terms.reset(teams, grades);
        board.lapsed.clear();
        board.lapsed.resize(teams, false);
        board.screening.clear();
        board.screening.resize(teams, false);
        board.help.clear();
        board.help.resize(teams, Help::default());
        board.last_taker.clear();
        board.last_taker.resize(teams, 0);
        board.managed.clear();
        board.held_units.clear();
        board.left_a_desk = false;
        board.declined.clear();
        board.declined.resize(workers, false);
        board.effects.clear();
        let is_cut = self.chosen.cuts.has(Arrow::UnmetNeedEscalates);
        let effects = world.effects.iter();
        board
            .effects
            .extend(effects.map(|k| if is_cut { 0.0 } else { *k }));
        board.queues.resize_with(teams, Default::default);
        board.queues.iter_mut().for_each(|queue| queue.reset());
        board.stirred.reset(teams);
        board.units_waiting = 0;
        board.units_forced = 0;
        board.observer.reset(world);
        self.agency_places = world.scenario.agency.as_ref().map_or(0, |agency| {
            (agency.max_share * roster.established as f64 + 1e-9).floor() as usize
        });
        for team in 0..teams as u16 {
            self.set_rules(team);
            // The opening caseload goes to the least loaded whatever the limit.
            self.board.rules[team as usize].room_for = f64::NEG_INFINITY;
        }
        let mut post = 0;
        for group in &world.scenario.posts {
            for place in 0..group.count {
                self.open_post(post, place < group.filled);
                post += 1;
            }
        }
        self.open_cases();
        // Tests always look ahead, so that they would tell of anything out of reach.
        self.looks_ahead = cfg!(test) || self.board.cases.list.len() >= MANY;
        self.settle_people();
        for team in 0..teams as u16 {
            self.reclimb(team);
        }
        self.start_arrivals();
        // A yearly intake on the very first day takes place.
        self.schedule_intake(-1.0);
        self.schedule_meeting(0);
        self.begin_monitoring();
        // Dates at the origin itself are still to come.
        self.schedule_change(-1.0);
    }

    fn run(&mut self, record: &mut [f64]) -> Result<(), Unfinished> {
        let months = &self.world.scenario.calendar.months;
        let mut month = 0;
        let mut has_changed = true;
        if let Some(first) = months.first() {
            self.board
                .agenda
                .set(MONTH_END, first.ends, Moment::MonthEnd.rank());
        }
        let mut last = MONTH_END;
        loop {
            if self.guard.event() {
                return Err(self.unfinished(last));
            }
            // What waits for the end of the instant waits until nothing more is due in it.
            if self.is_stirred || (self.watches_live && has_changed) {
                let due = self.board.agenda.peek();
                if due.is_none_or(|due| due.time > self.now) {
                    if self.is_stirred {
                        self.end_instant();
                        has_changed = true;
                    } else {
                        // Live figures are those at the end of an instant: what came and went out in it was never
                        // waiting.
                        has_changed = false;
                        self.review();
                    }
                    continue;
                }
            }
            has_changed = true;
            #[cfg(test)]
            self.look_everywhere();
            let Some(due) = self.board.agenda.pop() else {
                return Ok(());
            };
            if due.time > self.now {
                self.guard.time_goes_on();
            }
            self.now = due.time;
            last = due.slot;
            if self.looks_ahead {
                self.look_ahead();
            }
            let moment = (due.rank >> 56) as u8;
            #[cfg(test)]
            self.note_loop(crate::engine::play::What::Due(moment), due.rank);
            match self.owner(due.slot) {
                Owner::Service(MONTH_END) => {
                    let row = month_row(self.world, month);
                    let days = months[month].ends - months[month].begins;
                    let caseload = self.caseload_now();
                    if RECORDS {
                        if let Some(row) = row {
                            self.take_census(row, record);
                        }
                        self.end_month(row, days, record);
                    }
                    self.attract(caseload);
                    month += 1;
                    if month == self.world.scenario.calendar.warm_up_months {
                        self.count_people();
                    }
                    let Some(next) = months.get(month) else {
                        return Ok(());
                    };
                    self.days_of_year = self.world.days_of_year[month];
                    self.board
                        .agenda
                        .set(MONTH_END, next.ends, Moment::MonthEnd.rank());
                }
                Owner::Service(MEETING) => {
                    self.allocation_round(Round::Meeting);
                    self.schedule_meeting(self.now as u32 + 1);
                }
                Owner::Service(INTAKE) => self.intake_due(),
                Owner::Service(ARRIVAL) => self.referral_due(),
                Owner::Service(MONITOR) => self.monitor_due(),
                Owner::Service(RELIEF) => self.relief_due(),
                Owner::Service(CHANGE) | Owner::Service(_) => self.change_due(),
                Owner::Work(worker) => self.work_due(worker),
                Owner::Person(worker) => self.person_due(worker, moment),
                Owner::Vacancy(post) => self.vacancy_due(post, moment),
                Owner::Unit(unit) => self.unit_due(unit),
                Owner::Case(case) => match self.case(case).state {
                    State::Waiting | State::Held => self.case_due(case, moment),
                    State::Closed | State::Away => self.closed_case_due(case),
                    State::Free => {}
                },
            }
        }
    }

    /// Why the loop ends before its time.
    ///
    /// * `last` - slot of the last event
    #[cold]
    fn unfinished(&self, last: Slot) -> Unfinished {
        if self.guard.is_stopped() {
            return Unfinished::Stopped;
        }
        let what = match self.owner(last) {
            Owner::Service(ARRIVAL) => "a referral",
            Owner::Service(INTAKE) => "a yearly intake",
            Owner::Service(MEETING) => "an allocation meeting",
            Owner::Service(MONITOR) => "a look at the figures that rules go by",
            Owner::Service(RELIEF) => "a start of relief",
            Owner::Service(MONTH_END) => "a month end",
            Owner::Service(_) => "a dated change of the policy",
            Owner::Work(_) => "the end of a stage by its work",
            Owner::Person(_) => "an absence, a notice or an end of employment",
            Owner::Vacancy(_) => "a vacancy filled or covered",
            Owner::Unit(_) => "the end of the time for which a case waits",
            Owner::Case(case) => match self.case(case).state {
                State::Closed | State::Away => "a return of a case that was closed or screened out",
                _ => "a change of a case that no work brings about",
            },
        };
        Unfinished::Endless(Endless {
            what,
            day: self.now - self.world.scenario.calendar.start,
            events: self.guard.at_once(),
        })
    }

    #[cfg(test)]
    fn look_everywhere(&mut self) {
        for team in 0..self.board.queues.len() as u16 {
            if self.board.looks_everywhere {
                self.stir(team);
            }
        }
    }

    /// Mean caseload by the official definition; not a number where nobody holds a case.
    fn caseload_now(&self) -> f64 {
        let level = &self.board.observer.service;
        if level.heads_with_case > 0.0 {
            level.allocated() / level.fte_with_case
        } else {
            f64::NAN
        }
    }

    /// Counts who is in post, and who of them is burnt out, when reporting begins.
    fn count_people(&mut self) {
        let (mut people, mut burnt) = (0, 0);
        for worker in self
            .board
            .workers
            .iter_mut()
            .filter(|worker| worker.is_present)
        {
            people += 1;
            worker.was_burnt_out = worker.strain > worker.burnout_from;
            burnt += u32::from(worker.was_burnt_out);
        }
        self.board.observer.people = people;
        self.board.observer.burnt_people = burnt;
    }
}

/// Row of a month in the record, if it is reported.
fn month_row(world: &World, month: usize) -> Option<usize> {
    month.checked_sub(world.scenario.calendar.warm_up_months)
}
