"""`answers.json`: who has answered, as the harvest tells the mailing side. A shape, as those in `wire`."""

from __future__ import annotations

from typing import Final

from pydantic import ConfigDict, Field

from spec.wire import Wire, WireFile

#: Raised when the shape of `answers.json` changes in a way that older programs would misread.
ANSWERS_SHAPE = 1


class WireProblem(Wire):
    """What is wrong with a return, in words; `severity` is `note`, `check` or `lost`."""

    code: str
    severity: str
    place: str
    fault: str
    remedy: str


class WireAnswered(Wire):
    """What one reporter says in a return.

    `kind` is `token`, `organisation` or `return`, and tells what `key` is. `categories` are those whose pages came,
    each with `answered`, `nil` or `blank`. `code` is what the copy's pages carry; empty: the key.
    """

    kind: str
    key: str
    label: str
    edition: str
    categories: dict[str, str]
    code: str = ""


#: Beginning of the `return` of what is none.
REFUSED: Final = "refused-"


class WireReturned(Wire):
    """A return; `return_id` travels as `return`.

    `at` is its time by merge rule 2; `mail_at` is when a mail last brought it, `mail_from` who sent that, `mail_code`
    the token or the round's code that stood in its subject. The form's own token says whose it is, not the mail.

    What came by mail and is no return at all (a Word document, a picture) stands here, too: `return` begins with `refused-`,
    `answered` is empty, and `problems` says what is wrong.
    """

    model_config = ConfigDict(populate_by_name=True)

    return_id: str = Field(alias="return")
    file: str
    at: str
    mail_at: str | None
    mail_from: str
    mail_code: str
    answered: tuple[WireAnswered, ...]
    problems: tuple[WireProblem, ...]

    @property
    def refused(self) -> bool:
        """Whether it is no return at all."""
        return self.return_id.startswith(REFUSED)


class AnswersFile(WireFile):
    """`answers.json`: every return that counts, as of the run with this number and time; oldest first."""

    shape: int
    run: int
    made_at: str
    returns: tuple[WireReturned, ...]
