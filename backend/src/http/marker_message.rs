//! Converts markers to wire messages.

use crate::markers::Marker;
use flarepath_wire::markers::Marker as MarkerMessage;

pub(super) fn marker_message(marker: Marker) -> MarkerMessage {
    MarkerMessage {
        id: marker.id.map(String::from).unwrap_or_default(),
        kind: marker.kind,
        at_ns: marker.at.0,
        service: marker.service,
        selector: marker.selector,
        version: marker.version,
        text: marker.text,
        url: marker.url,
        source: marker.source.name().to_owned(),
        created_by: marker.created_by,
        deletable: marker.deletable,
    }
}
