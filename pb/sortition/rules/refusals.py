"""What stands in the way of a stratified draw, told before anything is drawn."""

from pb.core.errors import BadInput


class LotteryFileUnreadable(BadInput):
    """Refuse a file that cannot be opened. Facts: ``file``, ``reason``."""

    code = "sortition.file-unreadable"


class LotteryFileEmpty(BadInput):
    """Refuse a file in which nothing stands. Facts: ``expected``, names of columns."""

    code = "sortition.file-empty"


class LotteryPoolEmpty(BadInput):
    """Refuse to draw from nobody."""

    code = "sortition.pool-empty"


class LotteryNumberWrong(BadInput):
    """Refuse a number of seats or panels. Facts: ``what`` is seats or panels, ``found``, ``most``."""

    code = "sortition.number-wrong"


class LotteryColumnMissing(BadInput):
    """Refuse a file without a column. Facts: ``column``, ``columns`` that are there, ``nearest`` or empty."""

    code = "sortition.column-missing"


class LotteryTargetsMissing(BadInput):
    """Refuse a list of targets with nothing under its header."""

    code = "sortition.targets-missing"


class LotterySeatsExceedPool(BadInput):
    """Refuse more seats than people. Facts: ``seats``, ``people``, ``short``."""

    code = "sortition.seats-exceed-pool"


class LotterySeatsExceedHomes(BadInput):
    """Refuse more seats than addresses. Facts: ``seats``, ``homes``."""

    code = "sortition.seats-exceed-homes"


class LotteryHomeBlank(BadInput):
    """Refuse people without an address. Facts: ``count``, the first ``rows``, ``is_more``, ``column``."""

    code = "sortition.home-blank"


class LotteryTargetNegative(BadInput):
    """Refuse a bound below nobody. Facts: ``bound`` is least or most, ``found``."""

    code = "sortition.target-negative"


class LotteryTargetNotWhole(BadInput):
    """Refuse a bound that is no whole number. Facts: ``bound``, ``found``."""

    code = "sortition.target-not-whole"


class LotteryTargetTwice(BadInput):
    """Refuse a value that has two targets. Facts: ``value``, ``row``, ``first_row``."""

    code = "sortition.target-twice"


class LotteryTargetCrossed(BadInput):
    """Refuse a least above the most. Facts: ``least``, ``most``, ``value``."""

    code = "sortition.target-crossed"


class LotteryFlexWrong(BadInput):
    """Refuse leeway that is narrower than the target. Facts: ``value``."""

    code = "sortition.flex-wrong"


class LotteryValueUnknown(BadInput):
    """Refuse a value without a target. Facts: ``found``, ``feature``, ``known``, ``nearest`` or empty."""

    code = "sortition.value-unknown"


class LotteryValueBlank(BadInput):
    """Refuse somebody of whom a feature is not known. Facts: ``feature``, ``known``."""

    code = "sortition.value-blank"


class LotteryIdTwice(BadInput):
    """Refuse an id that two rows have. Facts: ``id``, ``row``, ``first_row``, ``is_same`` row otherwise."""

    code = "sortition.id-twice"


class LotteryIdBlank(BadInput):
    """Refuse somebody without an id."""

    code = "sortition.id-blank"


class LotteryInvitedInPool(BadInput):
    """Refuse somebody who is invited and would be drawn too. Facts: ``ids``."""

    code = "sortition.invited-in-pool"


class LotteryModeWrong(BadInput):
    """Ask how invited people take part. Facts: ``needs`` is mode or invited."""

    code = "sortition.mode-wrong"


class LotteryInvitedExceedSeats(BadInput):
    """Refuse invited people who leave nothing to draw. Facts: ``invited``, ``seats``."""

    code = "sortition.invited-exceed-seats"


class LotteryInvitedExceed(BadInput):
    """Refuse too many invited people with a value. Facts: ``values``, each with value, invited, most."""

    code = "sortition.invited-exceed"


class LotterySumsWrong(BadInput):
    """Refuse targets of a feature that do not add up to the seats.

    Facts: ``feature``, ``seats``, ``least``, ``most``; the sums.
    """

    code = "sortition.sums-wrong"


class LotteryTooFew(BadInput):
    """Refuse minima for which too few people applied.

    Facts: ``values``, each with feature, value, found, needed, short and ``letters`` to send or None.
    """

    code = "sortition.too-few"


class LotteryTargetsContradict(BadInput):
    """Refuse targets that no panel can meet, with the smallest change that would help and who loses by it.

    Facts: ``seats``; ``changes``, each with feature, value, bound, before, after; ``losers``, each with
    feature, value, seats and ``others``; ``fits_on_paper``; ``within_flex``.
    """

    code = "sortition.targets-contradict"


class LotteryReplacementFails(BadInput):
    """Refuse a replacement that cannot keep the targets.

    Facts: ``places``; ``values``, each with value, found and needed; ``changes`` as above.
    """

    code = "sortition.replacement-fails"


class LotteryConfirmedUnknown(BadInput):
    """Refuse a replacement for people who were not drawn or invited. Facts: ``ids``."""

    code = "sortition.confirmed-unknown"


class LotteryPublishedTooLate(BadInput):
    """Refuse a list that was published when the number could be known. Facts: ``round``."""

    code = "sortition.published-too-late"


class LotteryBeaconMissing(BadInput):
    """Ask to wait for the public number. Facts: ``round``."""

    code = "sortition.beacon-missing"


class LotteryValueFull(BadInput):
    """Warn that invited people fill a value; told, not raised. Facts: ``value``, ``people``."""

    code = "sortition.value-full"


class LotteryValueShutOut(BadInput):
    """Warn that a target of nobody shuts people out; told, not raised. Facts: ``value``, ``people``."""

    code = "sortition.value-shut-out"


class LotteryNoChance(BadInput):
    """Warn that people can never be drawn; told, not raised. Facts: ``count``, ``ids``, ``is_more``."""

    code = "sortition.no-chance"


class LotteryNominatedShare(BadInput):
    """Tell how many seats nominated people have; told, not raised. Facts: ``nominated``, ``seats``."""

    code = "sortition.nominated-share"


class LotteryNotAlike(BadInput):
    """Warn that some panels are the same list; told, not raised. Facts: ``panels``, ``distinct``."""

    code = "sortition.not-alike"


class LotteryChancesOff(BadInput):
    """Warn that whole panels do not reach the best chances; told, not raised.

    Facts: ``panels``; ``reached`` and ``best``, the turns of whoever has fewest.
    """

    code = "sortition.chances-off"
