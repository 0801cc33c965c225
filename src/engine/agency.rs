//! Agency cover of vacant posts: when it comes, and what becomes of its cases when the post is filled.

use crate::engine::play::Play;
use crate::engine::sums::Sum;
use crate::random::draw::draw;
use crate::random::stream::{Kind, Purpose};

impl Play<'_> {
    pub(super) fn agency_seat(&self, post: u32) -> u32 {
        post * self.roster.seats as u32 + 1
    }

    /// Time from a vacancy, or the end of its last cover, to the next agency worker [days].
    pub(super) fn agency_lead(&self, post: u32) -> f64 {
        let Some(agency) = &self.world.scenario.agency else {
            return f64::INFINITY;
        };
        let occasion = u64::from(self.board.vacancies[post as usize].incumbents)
            | (u64::from(self.board.vacancies[post as usize].agency_workers) << 32);
        let mut stream = self.luck.stream(
            Kind::AgencyWorker,
            u64::from(post),
            occasion,
            Purpose::AgencyLead,
        );
        draw(&agency.lead, &mut stream)
    }

    /// The agency cover of a post that is no longer vacant overlaps for a while and then goes.
    pub(super) fn end_cover(&mut self, post: u32) {
        let now = self.now;
        let (team, fte) = (self.roster.post_team[post as usize], self.post_fte(post));
        let Some(agency) = &self.world.scenario.agency else {
            return;
        };
        let cover = self.agency_seat(post);
        // Cover that overlaps already, with an incumbent who has come and gone, keeps its own end.
        if !self.worker(cover).is_present || self.worker(cover).is_overlapping {
            return;
        }
        self.board
            .observer
            .change_staff(team, now, |level| level.covered -= fte);
        self.agency_workers -= 1;
        let holder = self.worker_mut(cover);
        holder.is_overlapping = true;
        holder.overlap_ends = now + agency.overlap_days;
        self.place(cover);
        self.schedule_person(cover);
        self.cover_next();
    }

    /// An agency worker covers a vacant post.
    pub(super) fn start_agency(&mut self, post: u32, tenure: f64) {
        let Some(agency) = &self.world.scenario.agency else {
            return;
        };
        let cover = self.agency_seat(post);
        if self.worker(cover).is_present {
            // The last cover still overlaps: it stays, and covers again.
            return;
        }
        let now = self.now;
        self.agency_workers += 1;
        let entry = &mut self.board.vacancies[post as usize];
        let number = entry.agency_workers;
        entry.agency_workers += 1;
        entry.wants_agency = false;
        let (team, fte) = (self.roster.post_team[post as usize], self.post_fte(post));
        self.board
            .observer
            .change_staff(team, now, |level| level.covered += fte);
        self.start_person(cover, agency.grade as u16, number, tenure);
    }

    /// An agency place is free: the lowest post whose lead is over gets it.
    pub(super) fn cover_next(&mut self) {
        while self.agency_workers < self.agency_places {
            let next = self
                .board
                .vacancies
                .iter()
                .position(|entry| entry.is_open && entry.wants_agency);
            let Some(post) = next else { return };
            self.board.vacancies[post].wants_agency = false;
            self.start_agency(post as u32, 0.0);
        }
    }

    /// An agency worker has left a post that is still vacant: the lead begins anew.
    pub(super) fn agency_left(&mut self, post: u32) {
        let (team, fte) = (self.roster.post_team[post as usize], self.post_fte(post));
        self.board
            .observer
            .change_staff(team, self.now, |level| level.covered -= fte);
        self.agency_workers -= 1;
        let lead = self.agency_lead(post);
        self.board.vacancies[post as usize].agency_at = self.now + lead;
        self.schedule_vacancy(post);
        self.cover_next();
    }

    /// The overlap ends: the newcomer gets, in order of allocation, up to fte x ramp_limit of the families of the worker
    /// who covered the post, rounded down, as far as they fit under a limit that holds; the rest become transfers. The
    /// share is the same with a limit and without one, so that a limit that never binds changes nothing.
    pub(super) fn end_overlap(&mut self, cover: u32) {
        let newcomer = cover - 1;
        let post = self.post_of(cover);
        let hand = self.cases_in_order(cover);
        let team = self.worker(newcomer).team;
        let holds = self.holds_to_limit(team);
        let share = self.worker(newcomer).fte * self.worker(newcomer).ramp_limit;
        let mut places = (share * f64::from(self.worker(cover).families) + 1e-9).floor() as u32;
        for at in 0..hand.len() {
            let first = hand[at];
            if self.case(first).worker != cover {
                continue;
            }
            let place = self.board.places[newcomer as usize];
            let family = self.case(first).family;
            let mut group = std::mem::take(&mut self.board.group);
            group.clear();
            group.extend(hand[at..].iter().filter(|case| {
                self.case(**case).family == family && self.case(**case).worker == cover
            }));
            let adds = self.adds(&group, newcomer);
            let may_take = place.limit >= 0.0
                && places > 0
                && (!holds || self.fits_alone(newcomer, place, adds));
            if may_take {
                places -= 1;
                for case in &group {
                    self.stop_clocks(*case);
                    self.let_go(*case);
                    // Handed over directly, it has waited 0 days; waits are of all allocations.
                    self.board.observer.add(team, Sum::Waits, 1.0);
                    self.board.observer.waits.push_zero();
                    self.give(*case, newcomer);
                }
                self.rework(cover);
                self.rework(newcomer);
                self.count_excess(newcomer, place, adds, group.len());
            }
            self.board.group = group;
        }
        self.board.hand = hand;
        self.hand_over_all(cover);
        self.depart(cover);
        // The post may have fallen vacant again in the meantime.
        if self.board.vacancies[post as usize].is_open
            && !self.board.vacancies[post as usize].wants_agency
        {
            let lead = self.agency_lead(post);
            self.board.vacancies[post as usize].agency_at = self.now + lead;
            self.schedule_vacancy(post);
        }
    }

    /// Agency workers at most, for the posts that are established now.
    pub(super) fn count_agency_places(&mut self) {
        let posts = self.board.observer.standing.posts;
        let agency = self.world.scenario.agency.as_ref();
        self.agency_places = agency.map_or(0, |agency| {
            (agency.max_share * posts + 1e-9).floor() as usize
        });
        self.cover_next();
    }
}
