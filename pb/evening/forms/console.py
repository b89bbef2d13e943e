"""What the console sends."""

from wtforms import HiddenField

from pb.web.forms import Form


class StepForm(Form):
    """A press on the one button: which step it named, at which version of the evening."""

    step = HiddenField()
    version = HiddenField()
