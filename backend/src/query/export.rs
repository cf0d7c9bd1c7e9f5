//! Answers as files that other tools read. (formats to come)
