"""What can be wrong with a Pabulib file."""

from pb.core.errors import BadInput


class PabulibTooLarge(BadInput):
    code = "plans.pabulib-too-large"


class PabulibEmpty(BadInput):
    code = "plans.pabulib-empty"


class PabulibNotUtf8(BadInput):
    code = "plans.pabulib-not-utf8"


class PabulibUnreadableLine(BadInput):
    code = "plans.pabulib-unreadable-line"


class PabulibUnknownSection(BadInput):
    code = "plans.pabulib-unknown-section"


class PabulibMissingSection(BadInput):
    code = "plans.pabulib-missing-section"


class PabulibMissingKey(BadInput):
    code = "plans.pabulib-missing-key"


class PabulibMissingColumn(BadInput):
    code = "plans.pabulib-missing-column"


class PabulibNotANumber(BadInput):
    code = "plans.pabulib-not-a-number"


class PabulibNegative(BadInput):
    code = "plans.pabulib-negative"


class PabulibDuplicate(BadInput):
    """Refuse a project id, a voter id or a key of META that stands there twice."""

    code = "plans.pabulib-duplicate"


class PabulibUnknownProject(BadInput):
    code = "plans.pabulib-unknown-project"


class PabulibPointsDiffer(BadInput):
    """Refuse a vote with more or fewer points than projects."""

    code = "plans.pabulib-points-differ"


class PabulibCountDiffers(BadInput):
    """Warn that META promises another number than the file holds; told, not raised."""

    code = "plans.pabulib-count-differs"


class PabulibDayUnreadable(BadInput):
    """Warn that a day of META cannot be read; told, not raised."""

    code = "plans.pabulib-day-unreadable"
