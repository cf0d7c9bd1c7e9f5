//! The state of sub-second offsets: requests to the worker, its answers, and the selection.

use crate::context::local_files::LocalFiles;
use crate::context::local_files::offsets::PartAnswer;
use crate::local_file::job::Job;
use crate::local_file::offsets::{OffsetCells, OffsetMapQuery, OffsetPartQuery};
use crate::local_file::opened::OpenedType;
use crate::local_file::protocol::request;
use crate::reactive::{Callback, Memo, Signal, effect};
use crate::state::heatmap::data::{Axis, HeatData, Shape};
use crate::state::identity::Shared;
use crate::state::local_view::LocalView;
use crate::state::offsets_view::{Ends, OffsetsView};
use crate::state::share_view::write;
use crate::state::view::HistoryMode;
use crate::views::heatmap::interaction::Outcome;
use flarepath_profile::heatmap::offsets::offset_grid;
use flarepath_profile::heatmap::{Cell, Origin};
use flarepath_profile::units::{Unit, UnitScale, format_share};

/// The state. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct SubSecond {
    pub(super) files: LocalFiles,
    on_query: Callback<(String, HistoryMode)>,
    pub(super) local: Memo<LocalView>,
    pub(super) view: Memo<OffsetsView>,
    /// The requested map.
    pub(super) asked: Memo<Option<OffsetMapQuery>>,
    /// The map, or why there is none; `None` while it is being built.
    pub(super) data: Memo<Option<Result<Shared<HeatData>, String>>>,
}

impl SubSecond {
    #[inline(never)]
    pub(super) fn new(
        files: LocalFiles,
        query: Signal<String>,
        on_query: Callback<(String, HistoryMode)>,
    ) -> SubSecond {
        let view = Memo::new(move || query.with(|text| OffsetsView::parse(text)));
        let local = Memo::new(move || query.with(|text| LocalView::parse(text)));
        let chosen = Memo::new(move || chosen(files));
        let thread = Memo::new(move || local.with(|v| v.thread.clone()));
        let lane = Memo::new(move || {
            let name = thread.get()?;
            files.chart.lanes.with(|lanes| lanes.as_ref()?.1.iter().position(|lane| lane.name == name))
        });
        let asked = Memo::new(move || {
            let (profile, sample_type, _) = chosen.get()?;
            let (rows, by_value) = view.with(|v| (v.rows, v.by_value));
            Some(OffsetMapQuery { profile, sample_type, lane: lane.get(), rows, by_value })
        });
        effect(move || {
            if let Some((profile, ..)) = chosen.get() {
                files.request(request::LANES, &[profile]);
            }
        });
        effect(move || {
            if let Some(map) = asked.get()
                && files.offsets.map.with_untracked(|m| m.as_ref().map(|m| m.of)) != Some(map)
            {
                files.request(request::OFFSETS, &map.numbers());
            }
        });
        let data = Memo::new(move || {
            let (asked, (.., kind)) = (asked.get()?, chosen.get()?);
            let answer = files.offsets.map.get().filter(|answer| answer.of == asked)?;
            Some(answer.result.map(|cells| Shared::new(heat_data(&cells, &kind))))
        });
        let state = SubSecond { files, on_query, local, view, asked, data };
        effect(move || {
            let wanted: Vec<OffsetPartQuery> = state.parts_asked().into_iter().flatten().collect();
            files.offsets.keep(&wanted).iter().for_each(|part| files.request(request::PART, &part.numbers()));
        });
        state
    }

    /// The selected parts of the current map.
    pub(super) fn parts_asked(self) -> [Option<OffsetPartQuery>; 2] {
        let (of, map) = (self.asked.get(), self.data.get().and_then(Result::ok));
        let (band, picked) = self.view.with(|v| (v.band, v.picked));
        picked.map(|ends| {
            let ((from, to), of, map) = (ends?, of?, map.as_ref()?);
            let inside = |cell: Cell| cell.row < map.map.rows() && cell.column < map.map.columns();
            (inside(from) && inside(to)).then_some(OffsetPartQuery { of, band, from, to })
        })
    }

    /// The trees of the selected parts, as far as they are loaded.
    pub(super) fn parts(self) -> [Option<PartAnswer>; 2] {
        let parts = self.files.offsets.parts.get();
        self.parts_asked().map(|asked| parts.iter().find(|part| Some(part.of) == asked).cloned())
    }

    pub(super) fn shape(self) -> Shape {
        if self.view.with(|v| v.band) { Shape::Rectangle } else { Shape::Time }
    }

    pub(super) fn show(self, view: &OffsetsView, mode: HistoryMode) {
        self.show_both(view, &self.local.get_untracked(), mode);
    }

    pub(super) fn show_both(self, view: &OffsetsView, local: &LocalView, mode: HistoryMode) {
        self.on_query.run((write(view.to_params(local)), mode));
    }

    pub(super) fn change(self, change: impl FnOnce(&mut OffsetsView)) {
        let mut view = self.view.get_untracked();
        change(&mut view);
        self.show(&view, HistoryMode::Push);
    }

    pub(super) fn apply(self, outcome: Outcome) {
        let view = self.view.get_untracked();
        match outcome {
            Outcome::Select { from, to, grows } => {
                let mode = if grows { HistoryMode::Replace } else { HistoryMode::Push };
                self.show(&view.with_part((from, to), grows), mode);
            }
            Outcome::Clear if view.picked[0].is_some() => self.change(|view| view.picked = [None, None]),
            // The selection is already open.
            Outcome::Open(Some(at)) if view.picked[0].is_none() => {
                self.show(&view.with_part((at, at), false), HistoryMode::Push);
            }
            Outcome::Clear | Outcome::Open(_) => {}
        }
    }

    /// The selections as text.
    pub(super) fn selections(self) -> Vec<String> {
        let Some(data) = self.data.get().and_then(Result::ok) else { return Vec::new() };
        self.view.with(|v| v.picked).into_iter().flatten().map(|ends| self.text(&data, ends)).collect()
    }

    /// A selection as text: its ends and its amount.
    fn text(self, data: &HeatData, (from, to): Ends) -> String {
        let (a, b) = (from.column.min(to.column), from.column.max(to.column));
        if b >= data.map.columns() {
            return "outside this map".to_owned();
        }
        let rects = data.between(self.shape(), from, to);
        let (value, _) = data.sum(&rects);
        let what = if self.view.with(|v| v.by_value) { "" } else { " samples" };
        let share = format_share(value, data.map.total());
        let amount = format!("{}{what}, {share}", data.scale.amount(value));
        let row = |row: usize| data.map.row_name(row).to_owned();
        let time = if self.shape() == Shape::Rectangle {
            let (low, high) = (from.row.min(to.row), from.row.max(to.row));
            format!("seconds {a} to {b}, rows {} to {}", row(low), row(high))
        } else {
            let (first, last) =
                if (from.column, from.row) <= (to.column, to.row) { (from, to) } else { (to, from) };
            format!("{a} s {} to {b} s {}", row(first.row), row(last.row))
        };
        format!("{time}: {amount} of all")
    }
}

/// The chosen profile and sample type, and a description of the type.
pub(super) fn chosen(files: LocalFiles) -> Option<(usize, usize, OpenedType)> {
    files.job.with(|job| match job {
        Job::Open { opened, chosen, .. } => {
            let kind = opened.profiles.get(chosen.0)?.types.get(chosen.1)?;
            Some((chosen.0, chosen.1, kind.clone()))
        }
        _ => None,
    })
}

fn heat_data(cells: &OffsetCells, kind: &OpenedType) -> HeatData {
    let (rows, columns) = (cells.rows as usize, cells.columns as usize);
    let map = offset_grid(rows, columns, cells.first as usize, &cells.values);
    let of_column = |column| {
        (0..rows).filter_map(|row| map.get(Cell { row, column })).fold(0.0, |sum, value| sum + value)
    };
    let totals = (0..columns).map(of_column).collect();
    let what = if cells.by_value { kind.kind.clone() } else { "Samples".to_owned() };
    let untimed = match cells.untimed {
        0 => String::new(),
        n => format!("; {n} samples without a timestamp are left out"),
    };
    let unit = if cells.by_value { Unit::of(&kind.kind, &kind.unit) } else { Unit::parse("count") };
    HeatData {
        scale: UnitScale::for_values(&unit, map.values()),
        map,
        totals,
        rest: false,
        axis: Axis::Seconds,
        origin: Origin::Bottom,
        caption: format!("{what} per {} ms; one column per second{untimed}", 1000 / rows.max(1)),
        partial: Vec::new(),
    }
}
