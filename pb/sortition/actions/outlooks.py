"""Compute what a replacement would do beside the request that asks, and keep it until somebody says yes."""

from collections import OrderedDict
from threading import Event, Lock, Thread

from pb.sortition.actions.vacancies import Outlook, Vacancy, look_ahead

KEPT_MOST = 4


class _Job:
    """One computation; whoever asks for the same waits for the same."""

    def __init__(self, vacant: Vacancy, card_key: bytes) -> None:
        self._vacant, self._card_key = vacant, card_key
        self.outlook: Outlook | None = None
        self.failure: Exception | None = None
        self.done = Event()

    def run(self) -> None:
        try:
            self.outlook = look_ahead(self._vacant, card_key=self._card_key)
        except Exception as failure:  # told to whoever waits
            self.failure = failure
        self.done.set()


class Outlooks:
    """Keep the latest outlooks in memory, by what they start from."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._jobs: OrderedDict[Vacancy, _Job] = OrderedDict()

    def look(self, vacant: Vacancy, *, card_key: bytes, wait_seconds: float) -> Outlook | None:
        """Give what a replacement would do, or None as long as it is being computed.

        Raises: whatever went wrong in computing, once; then it can be asked again.
        """
        with self._lock:
            job = self._jobs.get(vacant)
            if job is None:
                job = self._jobs[vacant] = _Job(vacant, card_key)
                Thread(target=job.run, daemon=True, name="outlook").start()
            self._jobs.move_to_end(vacant)
            while len(self._jobs) > KEPT_MOST:
                self._jobs.popitem(last=False)
        job.done.wait(wait_seconds)
        if job.failure is not None:
            with self._lock:
                self._jobs.pop(vacant, None)
            raise job.failure
        return job.outlook
