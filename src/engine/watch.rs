//! What a manager watches: the vacancy rate and the waiting list, and the rules that begin and end with them.

use crate::engine::case::State;
use crate::engine::level::{Level, Standing};
use crate::engine::play::{MONITOR, Moment, Play, RELIEF};
use crate::engine::roster::Help;
use crate::policy::choices::Phase;
use crate::policy::trigger::Per;
use crate::random::draw::draw;
use crate::random::stream::Purpose;

impl Play<'_> {
    /// Rules that the choices before had and those now do not have end.
    pub(super) fn end_old_rules(&mut self) {
        for team in 0..self.board.lapsed.len() {
            let limit = self.phase.of_team(team).limit.as_ref();
            if limit.is_none_or(|limit| limit.suspended_when.is_none()) {
                self.set_lapsed(team, false);
            }
        }
        if self.phase.threshold.is_none() {
            self.board.screening.fill(false);
        }
    }

    /// Help that was sent for under another rule goes before a new rule begins.
    pub(super) fn end_old_relief(&mut self, next: &Phase) {
        if self.phase.relief != next.relief {
            for scope in 0..self.board.help.len() {
                self.dismiss(scope);
            }
        }
    }

    /// Figures are looked at for the first time under these choices, and from then on as often as they are refreshed.
    pub(super) fn begin_monitoring(&mut self) {
        let choices = self.phase.every_choices();
        let suspends = choices
            .filter_map(|choices| choices.limit.as_ref())
            .any(|limit| limit.suspended_when.is_some());
        let has_rules = suspends || self.phase.threshold.is_some();
        self.watches_live = has_rules && self.phase.monitoring_days.is_none();
        let is_periodic =
            self.phase.relief.is_some() || (has_rules && self.phase.monitoring_days.is_some());
        self.refresh_figures();
        let next = if is_periodic {
            self.now.floor() + f64::from(self.phase.monitoring_days.unwrap_or(1))
        } else {
            f64::INFINITY
        };
        self.board
            .agenda
            .set(MONITOR, next, Moment::Monitoring.rank());
    }

    /// Figures are refreshed.
    pub(super) fn monitor_due(&mut self) {
        self.refresh_figures();
        let next = self.now + f64::from(self.phase.monitoring_days.unwrap_or(1));
        self.board
            .agenda
            .set(MONITOR, next, Moment::Monitoring.rank());
    }

    /// Live, the lists are looked at when the instant ends: what waits now may all be given out in it.
    fn refresh_figures(&mut self) {
        self.review_vacancies();
        if !self.watches_live {
            self.review_lists();
        }
        self.review_relief();
    }

    /// Looks at the vacancy rate and the number waiting, and lets rules begin and end.
    pub(super) fn review(&mut self) {
        self.review_vacancies();
        self.review_lists();
    }

    fn review_vacancies(&mut self) {
        for team in 0..self.board.lapsed.len() {
            let limit = self.phase.of_team(team).limit.as_ref();
            let Some(rule) = limit.and_then(|limit| limit.suspended_when) else {
                continue;
            };
            let observer = &self.board.observer;
            let rate = match rule.per {
                Per::Service => vacancy_rate(&observer.service, &observer.standing),
                Per::Team => vacancy_rate(&observer.teams[team], &observer.standings[team]),
            };
            let lapsed = rule.next(self.board.lapsed[team], rate);
            self.set_lapsed(team, lapsed);
        }
    }

    fn review_lists(&mut self) {
        if let Some(threshold) = &self.phase.threshold {
            for team in 0..self.board.screening.len() {
                let observer = &self.board.observer;
                let waiting = match threshold.waiting.per {
                    Per::Service => observer.service.waiting,
                    Per::Team => observer.teams[team].waiting,
                };
                let holds = self.board.screening[team];
                self.board.screening[team] = threshold.waiting.next(holds, waiting);
            }
        }
    }

    fn set_lapsed(&mut self, team: usize, lapsed: bool) {
        if self.board.lapsed[team] == lapsed {
            return;
        }
        self.board.lapsed[team] = lapsed;
        let change = if lapsed { 1.0 } else { -1.0 };
        self.board
            .observer
            .stand(team as u16, self.now, |standing| standing.lapsed += change);
        self.reclimb(team as u16);
        self.stir(team as u16);
    }

    /// Looks at how long cases have waited, and sends for help or lets it go.
    fn review_relief(&mut self) {
        let Some(relief) = &self.phase.relief else {
            return;
        };
        self.guard.spend(self.board.cases.list.len() / 64);
        for scope in 0..self.board.help.len() {
            if relief.per == Per::Service && scope > 0 {
                break;
            }
            let team = (relief.per == Per::Team).then_some(scope as u16);
            let (mut waiting, mut waited_long) = (0.0, 0.0);
            for case in &self.board.cases.list {
                if case.state == State::Waiting && team.is_none_or(|team| case.team == team) {
                    waiting += 1.0;
                    if self.now - case.waiting_since >= relief.waited_days {
                        waited_long += 1.0;
                    }
                }
            }
            let help = self.board.help[scope];
            let is_wanted = relief.is_wanted(help.is_wanted, waited_long, waiting);
            if is_wanted && !help.is_wanted {
                self.board.help[scope] = Help {
                    is_wanted: true,
                    comes_at: self.now + relief.lead_days,
                };
            } else if !is_wanted && help.is_wanted {
                self.dismiss(scope);
            }
        }
        self.schedule_relief();
    }

    fn schedule_relief(&mut self) {
        let coming = self.board.help.iter().filter(|help| help.is_wanted);
        let next = coming
            .map(|help| help.comes_at)
            .fold(f64::INFINITY, f64::min);
        self.board
            .agenda
            .set(RELIEF, next, Moment::AgencyStart.rank());
    }

    /// Those who were sent for come: each to the team with the most waiting cases for each already sent there.
    pub(super) fn relief_due(&mut self) {
        let now = self.now;
        let Some(relief) = &self.phase.relief else {
            return;
        };
        self.guard.spend(self.board.cases.list.len() / 64);
        for scope in 0..self.board.help.len() {
            let help = self.board.help[scope];
            if !help.is_wanted || help.comes_at > now {
                continue;
            }
            self.board.help[scope].comes_at = f64::INFINITY;
            let mut sent = std::mem::take(&mut self.board.sent);
            sent.clear();
            sent.resize(self.board.queues.len(), 0);
            for _ in 0..relief.workers {
                let need = |team: usize| {
                    self.board.observer.teams[team].waiting / f64::from(sent[team] + 1)
                };
                let team =
                    match relief.per {
                        Per::Team => scope,
                        Per::Service => (0..sent.len()).fold(0, |best, team| {
                            if need(team) > need(best) { team } else { best }
                        }),
                    };
                sent[team] += 1;
                self.start_relief(team, relief.grade as u16);
            }
            self.board.sent = sent;
        }
        self.schedule_relief();
    }

    /// A relief worker takes the first free seat of a team; where those of an earlier time are still there, under
    /// notice, one of them stays.
    fn start_relief(&mut self, team: usize, grade: u16) {
        let roster = self.roster;
        let first = roster.relief_from + team * roster.relief_seats;
        let mut seats = first..first + roster.relief_seats;
        let holder = |post: usize| self.worker((post * roster.seats) as u32);
        let free = seats.clone().find(|post| !holder(*post).is_present);
        let leaver = seats.find(|post| holder(*post).is_leaving);
        if let Some(post) = free {
            let entry = &mut self.board.vacancies[post];
            let number = entry.agency_workers;
            entry.agency_workers += 1;
            self.start_person((post * roster.seats) as u32, grade, number, 0.0);
        } else if let Some(post) = leaver {
            self.withdraw_notice((post * roster.seats) as u32);
        }
    }

    fn withdraw_notice(&mut self, worker: u32) {
        let now = self.now;
        let holder = self.worker_mut(worker);
        holder.is_leaving = false;
        holder.leaves_at = f64::INFINITY;
        // Nobody gives notice who is under it: the points of the field in that time are passed over.
        holder.leaving.skip_to(now);
        holder.covered = f64::NEG_INFINITY;
        let team = holder.team;
        self.refresh(worker);
        self.schedule_person(worker);
        self.stir(team);
    }

    /// Help is wanted no longer: nobody is on the way, and those who are there give notice.
    fn dismiss(&mut self, scope: usize) {
        let was = std::mem::replace(
            &mut self.board.help[scope],
            Help {
                is_wanted: false,
                comes_at: f64::INFINITY,
            },
        );
        if !was.is_wanted {
            return;
        }
        let roster = self.roster;
        let is_of_team = self
            .phase
            .relief
            .is_some_and(|relief| relief.per == Per::Team);
        for post in roster.relief_from..roster.posts() {
            let worker = (post * roster.seats) as u32;
            let holder = self.worker(worker);
            let is_meant = !is_of_team || roster.post_team[post] as usize == scope;
            if !holder.is_present || holder.is_leaving || !is_meant {
                continue;
            }
            let (kind, number) = self.person_kind(worker);
            let holder = self.worker(worker);
            let grade = &self.world.scenario.grades[holder.grade as usize];
            let occasion = u64::from(holder.incumbent);
            let mut stream = self.luck.stream(kind, number, occasion, Purpose::Notice);
            let leaves_at = self.now + draw(&grade.notice, &mut stream);
            let holder = self.worker_mut(worker);
            holder.is_leaving = true;
            holder.leaves_at = leaves_at;
            self.place(worker);
            self.schedule_person(worker);
        }
        self.schedule_relief();
    }
}

/// Vacant posts over established ones, in full-time equivalents; 0 without posts.
fn vacancy_rate(level: &Level, standing: &Standing) -> f64 {
    if standing.established > 0.0 {
        level.vacant / standing.established
    } else {
        0.0
    }
}
