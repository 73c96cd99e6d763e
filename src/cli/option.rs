//! The name of an option, as it is typed: the program's own are shown and completed, but templates may bring others,
//! so that only their catalog can refuse one.

use std::ffi::OsStr;

use clap::{
    Arg, Command, Error, ValueEnum,
    builder::{PossibleValue, StringValueParser, TypedValueParser},
};

use crate::answers::Auth;

#[derive(Clone)]
pub struct OptionName;

impl TypedValueParser for OptionName {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        typed: &OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, typed)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let own = Auth::value_variants().iter();
        Some(Box::new(own.filter_map(Auth::to_possible_value)))
    }
}
