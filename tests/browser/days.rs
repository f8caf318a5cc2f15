//! Whole days of the people of a township.
