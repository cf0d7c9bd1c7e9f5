// Function names of a fictional shop: every combination of module, verb and noun, in a fixed order.

const WORDS = {
  module: "cart http json auth mail ledger billing tracing pool cache index query store route queue shard codec socket certs arena".split(" "),
  verb: "read write parse merge apply check fetch flush visit build encode lookup update resolve".split(" "),
  noun: "order item user token batch record header bucket segment cursor price session payload column buffer message".split(" "),
};

/** All names, in a fixed order. */
export const NAMES = WORDS.module.flatMap((m) => WORDS.verb.flatMap((v) => WORDS.noun.map((n) => `${m}::${v}_${n}`)));
