"""Reading plain scheduling instances: both formats say the same, and what is wrong is said with its line."""

from __future__ import annotations

import pytest

from benchmarks import psplib
from vigie.errors import FileError
from vigie.rebuild import rcpsp
from vigie.rebuild.problem import demand

PATTERSON = """
5 2
4 3

0 0 0 2 2 3
3 2 0 1 4
5 0 3 1
  4
2 4 1 1 5
0 0 0 0
"""

PSPLIB = """************************************************************************
file with basedata            : made.bas
initial value random generator: 1
************************************************************************
projects                      :  1
jobs (incl. supersource/sink ):  5
horizon                       :  10
RESOURCES
  - renewable                 :  2   R
  - nonrenewable              :  0   N
  - doubly constrained        :  0   D
************************************************************************
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      3      0        7        1        7
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           4
   4        1          1           5
   5        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     3       2    0
  3      1     5       0    3
  4      1     2       4    1
  5      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  R 2
    4    3
************************************************************************
"""


@pytest.mark.parametrize(("text", "name"), [(PATTERSON, "made.rcp"), (PSPLIB, "made.sm"), (PSPLIB, "made.txt")])
def test_both_formats_say_the_same(text, name):
    problem = rcpsp.parse(text, name)
    assert problem.size == 5 and problem.groups == 5
    assert problem.tasks.duration.ravel().tolist() == [0, 3, 5, 2, 0]
    assert [demand(problem, task, 0) for task in range(5)] == [[], [(0, 2)], [(1, 3)], [(0, 4), (1, 1)], []]
    assert problem.tasks.before_index.tolist() == [0, 0, 1, 2, 4, 5]
    assert problem.tasks.before.tolist() == [0, 0, 1, 2, 3]
    assert problem.capacity[:, 0].tolist() == [4, 3] and problem.horizon == 10


WRONG = [
    ("", "x.rcp is empty"),
    ("  \n", "x.rcp is empty"),
    (PATTERSON.replace("5 2\n", "5\n"), "x.rcp, line 10: the file ends where the demand of activity 4 for resource 3 should stand"),
    (PATTERSON.replace("0 0 0 0\n", ""), "x.rcp, line 9: the file ends where the duration of activity 5 should stand"),
    (PATTERSON.replace("5 2\n", "6 2\n"), "x.rcp, line 10: the file ends where the duration of activity 6"),
    (PATTERSON.replace("5 2\n", "4 2\n"), 'x.rcp, line 9: a successor of activity 4 is 5'),
    (PATTERSON + "7 7\n", 'x.rcp, line 11: "7" and 1 more words stand after the last activity'),
    (PATTERSON.replace("3 2 0 1 4", "3 2 zero 1 4"), 'x.rcp, line 6: the demand of activity 2 for resource 2 should be a whole'),
    (PATTERSON.replace("3 2 0 1 4", "3.5 2 0 1 4"), 'the duration of activity 2 should be a whole number, and reads "3.5"'),
    (PATTERSON.replace("3 2 0 1 4", "-3 2 0 1 4"), "x.rcp, line 6: the duration of activity 2 is -3"),
    (PATTERSON.replace("3 2 0 1 4", "3 5 0 1 4"), "line 6: activity 2 asks 5 of resource 1, which has 4 in all"),
    (PATTERSON.replace("2 4 1 1 5", "2 4 1 1 2"), "x.rcp, line 6: activities wait for one another in a circle: 2 -> 4 -> 2"),
    (PATTERSON.replace("2 4 1 1 5", "2 4 1 1 4"), "in a circle: 4 -> 4"),
    (PATTERSON.replace("5 0 3 1", "99999999 0 3 1"), "x.rcp: durations add up to 100000004"),
    (PATTERSON.replace("5 2\n", "0 2\n"), "line 2: the number of activities is 0"),
    (PSPLIB.replace("\n   4        1          1           5", ""), "x.rcp, line 22: the number of job 4 is 5"),
    (PSPLIB[: PSPLIB.index("RESOURCEAV")], 'there is no section "RESOURCEAVAILABILITIES"'),
    (PSPLIB[: PSPLIB.index("    4    3\n")], "the file ends where the availability of resource 1 should stand"),
    (PSPLIB.replace("   2        1          1           4", "   2        2          1           4"), "job 2 has several modes"),
    (PSPLIB.replace("nonrenewable              :  0", "nonrenewable              :  1"), "nonrenewable resources are not"),
    (PSPLIB.replace("jobs (incl", "tasks (incl"), 'no line says "jobs : number"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said[:40] for _, said in WRONG])
def test_what_is_wrong_is_said_with_its_line(text, said):
    with pytest.raises(FileError) as raised:
        rcpsp.parse(text, "x.rcp")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_files_that_are_none(tmp_path):
    with pytest.raises(FileError, match="is a folder"):
        rcpsp.read(tmp_path)
    with pytest.raises(FileError, match="No such file"):
        rcpsp.read(tmp_path / "none.rcp")
    (tmp_path / "packed.rcp").write_bytes(b"\x1f\x8b\x08\x00\xff\xfe")
    with pytest.raises(FileError, match="is not text"):
        rcpsp.read(tmp_path / "packed.rcp")


@pytest.mark.skipif(not psplib.FOLDER.exists(), reason="the shared data are not beside this checkout")
@pytest.mark.parametrize("family", ["j30", "j60", "j90", "j120"])
def test_shared_instances_are_read_as_other_eyes_read_them(family):
    for instance in psplib.instances(family):
        capacity, activities = psplib._read(instance.text)
        problem = rcpsp.parse(instance.text, instance.name)
        assert problem.capacity[:, 0].tolist() == capacity
        assert problem.tasks.duration[:, 0].tolist() == [duration for duration, _, _ in activities]
        for task, (_, asked, successors) in enumerate(activities):
            assert dict(demand(problem, task, 0)) == {team: people for team, people in enumerate(asked) if people}
            for other in successors:
                span = slice(*problem.tasks.before_index[other - 1 : other + 1])
                assert task in problem.tasks.before[span].tolist()
