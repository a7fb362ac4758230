"""A check that never ends; apart from the tests, so that a child imports it in no time."""

import time


class Sleeper:
    criterion_id = "mail/slow"
    severity = "warning"
    when = None

    def run(self, subject):
        del subject
        time.sleep(60)
