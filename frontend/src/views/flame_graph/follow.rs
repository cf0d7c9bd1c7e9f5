//! Keeps the stage up with the signals of the flame graph: data, zoom, colours, marks, jumps.

use super::camera::is_same_window;
use super::controller::{Controller, set_if_new};
use crate::reactive::effect;
use flarepath_profile::call_tree::NodeId;
use leptos::prelude::{GetValue, SetValue};

impl Controller {
    /// Keeps the stage up with the signals of the flame graph.
    pub(super) fn follow(self) {
        let flame = self.flame;
        effect(move || {
            if !self.started.get() {
                return;
            }
            let (picture, zoom) = (flame.picture.get(), flame.zoom.get());
            self.stage(|stage| {
                let fresh = stage.picture != picture;
                if fresh {
                    let names =
                        self.selected.get_untracked().zip(stage.picture.as_ref()).map(|(n, p)| p.names(n));
                    stage.picture = picture.clone();
                    let again = names.zip(picture.as_ref()).and_then(|(names, p)| p.resolve(&names));
                    self.pointer.set(None);
                    set_if_new(self.selected, again);
                }
                let zoomed = picture.as_ref().and_then(|p| p.resolve(&zoom.path));
                stage.zoomed = zoomed.unwrap_or(NodeId::ROOT);
                set_if_new(self.zoomed, stage.zoomed);
                let camera = stage.camera_for(stage.zoomed, zoom.window.filter(|_| zoomed.is_some()));
                if fresh || !is_same_window(&camera, &stage.camera()) {
                    // What was to be written down is no longer what is looked at.
                    self.settling.set_value(self.settling.get_value() + 1);
                    stage.look(camera, !fresh);
                }
            });
        });
        effect(move || {
            let (colours, found) = (flame.colours.get(), flame.found.get());
            if self.started.get() {
                self.stage(|stage| (stage.colours, stage.found) = (colours, found));
            }
        });
        effect(move || {
            if let (Some((_, node)), true) = (flame.jump.get(), self.started.get()) {
                self.select(node);
            }
        });
    }
}
