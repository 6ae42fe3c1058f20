"""Commands that answer a wrong option with one sentence and 2, without usage lines around it."""

from typing import Any, NoReturn

import click


class OptionError(click.ClickException):
    """An option value that cannot be used: the sentence names the option and the value."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the sentence alone."""
        click.echo(self.format_message(), err=True, file=file)


class OneSentence(click.Command):
    """A command whose own refusals are one sentence too: unknown options, missing or wrong values."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Return the context, or refuse in one sentence."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise OptionError(_sentence(error)) from error


def _sentence(error: click.UsageError) -> str:
    """Return a refusal of the command line itself in one sentence, without a guess at what was meant."""
    text = error.message if isinstance(error, click.NoSuchOption) else error.format_message()
    return " ".join(text.split()).rstrip(".") + "."


def refuse(option: str, value: str, sentence: str) -> NoReturn:
    """Refuse an option's value.

    Raises:
        OptionError: always; its sentence names option and value.
    """
    raise OptionError(f"{option} {value}: {sentence}.")
