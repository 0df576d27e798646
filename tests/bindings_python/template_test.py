"""Compiled templates."""

import pytest

import cartbell
from cartbell import Escape, Template


def test_escapes():
    for escape, expected in ((Escape.HTML, "&lt;\nb"), (Escape.NONE, "<\nb"), (Escape.JSON, "<\\nb"), (Escape.SINGLE_LINE, "< b")):
        with Template("{{x}}", escape=escape) as compiled:
            assert compiled.render({"x": "<\nb"}).text == expected


def test_partials_and_their_absence():
    with Template("{{> foot}}", partials={"foot": "Yours, {{name}}"}) as compiled:
        assert compiled.render('{"name":"Ann"}') == ("Yours, Ann", False)
    with pytest.raises(cartbell.InvalidError):
        Template("{{> foot}}")
    with Template("[{{> foot}}]", unknown_partials_are_empty=True) as compiled:
        assert compiled.render({}).text == "[]"


def test_a_block_is_an_answer():
    with Template("a{{#x}}{{#block}}too young{{/block}}{{/x}}") as compiled:
        assert compiled.render({"x": True}) == ("too young", True)
        assert compiled.render({"x": False}) == ("a", False)
    with Template("{{#block}}{{/block}}a", plain_mustache=True) as compiled:
        assert compiled.render({"block": False}).text == "a"


def test_many_are_as_many_single_ones():
    data = [{"x": str(number)} for number in range(100)]
    with Template("<{{x}}>") as compiled:
        assert compiled.render_many(data) == [compiled.render(each) for each in data]
        assert compiled.render_many([]) == []
        with pytest.raises(cartbell.InvalidError) as caught:
            compiled.render_many([{}, {}, "{", {}])
        assert caught.value.index == 2


def test_limits_are_lowered():
    with Template("{{x}}", limits={"render_output_bytes": 10}) as compiled:
        with pytest.raises(cartbell.LimitError):
            compiled.render({"x": "y" * 11})
        assert compiled.render({"x": "y" * 9}).text == "y" * 9


def test_a_closed_template_is_refused():
    compiled = Template("x")
    compiled.close()
    for call in (lambda: compiled.render({}), lambda: compiled.render_many([{}])):
        with pytest.raises(cartbell.MisuseError):
            call()
