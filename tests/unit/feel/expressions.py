"""Two hundred expressions as diagrams, tables and forms write them, and what they read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from app.clock import SHANGHAI
from app.feel import YearsMonths

NOW: Final = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)

CONTEXT: Final[dict[str, object]] = {
    "a": 5,
    "b": 3,
    "fen": 9_007_199_254_740_991,
    "rate": 0.1,
    "yes": True,
    "no": False,
    "nothing": None,
    "s": "修武县",
    "empty": "",
    "day": date(2026, 1, 31),
    "leap": date(2028, 2, 29),
    "at": datetime(2026, 11, 24, 0, 0, tzinfo=SHANGHAI),
    "late": datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI),
    "clock": time(8, 30),
    "half_year": YearsMonths(6),
    "week": timedelta(days=7),
    "xs": [3, 1, 2],
    "items": [{"n": 1, "t": "甲"}, {"n": 5, "t": "乙"}, {"n": 9, "t": "丙"}],
    "deadline": {"acceptance": {"due": date(2026, 11, 24), "fires_at": datetime(2026, 11, 25, tzinfo=SHANGHAI)}},
    "中文": {"金额": 1200},
}

DATES: Final = """
date("2026-11-24T00:00:00+08:00")
date("2026-01-31") + duration("P1M")
day + duration("P1M")
day + half_year
day - duration("P1M")
leap + duration("P1Y")
leap - duration("P1Y")
date("2025-08-31") + duration("P6M")
date("2025-12-31") + duration("P2M")
date("2026-03-31") - duration("P1M")
date("2026-02-28") + duration("P1M")
day + week
day + duration("P30D")
today()
today() + duration("P10D")
today() < deadline.acceptance.due
today() > deadline.acceptance.due
today() = date("2026-11-23")
today() - day
now()
now() < deadline.acceptance.fires_at
now() + duration("PT36H")
date(now())
date(at)
date(late)
time(at)
at.year
at.month
at.day
at.weekday
at.hour
late.second
at.time offset
at.timezone
day.year
day.month
day.day
day.weekday
at = date and time("2026-11-24T00:00:00+08:00")
at = date and time("2026-11-23T16:00:00Z")
at > date and time("2026-11-23T15:59:59Z")
late - at
at + duration("P1M")
late + duration("P2M")
date and time("2026-11-24T09:00:00+08:00")
date and time("2026-11-24T09:00:00@Asia/Shanghai")
date and time("2026-11-24T09:00:00Z")
date and time(day, time("09:00:00+08:00"))
date and time(day, clock)
date("2026-02-29")
date("2026-13-01")
date(2026, 2, 28)
date(2026, 2, 29)
date("nonsense")
@"2026-11-24"
@"P3M"
@"09:00:00"
@"2026-11-24T09:00:00+08:00"
time("08:30:00")
time("08:30:00+08:00")
clock
clock + duration("PT45M")
clock < time("09:00:00")
duration("P1Y6M")
duration("P6M") = half_year
duration("P12M") = duration("P1Y")
duration("P7D") = week
duration("P10WD")
duration("PT90M")
duration("-P3D")
duration("P1Y") > duration("P11M")
duration("P1D") + duration("PT12H")
duration("P1M") + duration("P1D")
years and months duration(day, date("2026-11-23"))
years and months duration(date("2024-02-29"), date("2026-02-28"))
day in [date("2026-01-01")..date("2026-12-31")]
day between date("2026-01-01") and date("2026-01-31")
at in [day..leap]
day < at
max(day, leap)
if day < leap then leap else day
day instance of date
at instance of date and time
half_year instance of years and months duration
week instance of days and time duration
string(day)
string(at)
string(half_year)
day of week(day)
day of year(day)
month of year(day)
week of year(day)
[day, leap][1]
some d in [day, leap] satisfies d > today()
every d in [day, leap] satisfies d < date("2030-01-01")
deadline.acceptance.due - today() <= duration("P7D")
for k in [7, 3, 1] return deadline.acceptance.due - duration("P" + string(k) + "D")
"""

OTHERS: Final = """
a + b
a - b
a * b
a / b
a ** 2
-a
a / 0
0.1 + 0.2
0.1 + 0.2 = 0.3
rate * 3
fen
fen + 1
fen - 1 > 0
1000000 * 1000000
1e3
a > b
a >= 5
a < b
a != b
a = 5.0
a = "5"
a > "3"
nothing > 3
nothing = null
nothing != null
nothing + 1
yes and no
yes or no
not(yes)
not(nothing)
yes and nothing
no and nothing
yes or nothing
yes and 5
if a > b then "大" else "小"
if nothing then 1 else 2
if a = 5 then (if b = 3 then 1 else 2) else 3
a in [1..5]
a in (1, 2, 5)
a in [1..5)
a in (> 3, < 1)
a between 1 and 5
s
s + "财政局"
s = "修武县"
s != ""
empty = ""
string length(s)
substring(s, 1, 2)
substring(s, -1)
upper case("abc")
lower case("ABC")
contains(s, "武")
starts with(s, "修")
ends with(s, "县")
matches(s, "^修.+县$")
replace(s, "县", "市")
split("a;b;c", ";")
string join(["a", "b"], "、")
substring before("a:b", ":")
substring after("a:b", ":")
number("12.5")
number("1,200", ",")
number("x")
string(12)
string(true)
string(xs)
xs[1]
xs[-1]
xs[9]
xs[item > 1]
count(xs)
count([])
sum(xs)
sum([])
min(xs)
max(xs)
mean(xs)
median(xs)
sort(xs, function(x, y) x < y)
reverse(xs)
append(xs, 9)
concatenate(xs, [8])
distinct values([1, 1, 2])
flatten([[1, [2]], 3])
index of(xs, 2)
insert before(xs, 1, 0)
remove(xs, 1)
sublist(xs, 2)
list contains(xs, 3)
all([true, false])
any([true, false])
union([1], [1, 2])
product(xs)
mode(xs)
stddev(xs)
items.n
items.t
items[n > 3].t
items[t = "乙"].n
count(items[n >= 5])
sum(for i in items return i.n * 2)
for x in xs, y in xs return x * y
for i in 1..4 return i * i
for i in 4..1 return i
some i in items satisfies i.n > 8
every i in items satisfies i.n > 0
{x: 1, y: x + 1}
{x: 1}.x
{"名称": s}
get value({x: 1}, "x")
get entries({x: 1})
context put({x: 1}, "y", 2)
context merge([{x: 1}, {y: 2}])
中文.金额 > 1000
中文.金额 * 100
deadline.acceptance
deadline.nowhere
nowhere
nowhere.deeper
nowhere(1)
decimal(1/3, 2)
decimal(2.5, 0)
floor(1.9)
ceiling(1.1)
round up(1.25, 1)
round down(1.25, 1)
round half up(1.25, 1)
round half down(1.25, 1)
abs(-3)
modulo(10, 3)
modulo(-10, 3)
sqrt(16)
odd(5)
even(5)
exp(0)
log(1)
a instance of number
s instance of string
yes instance of boolean
xs instance of list
nothing instance of Null
is(a, 5)
[1, 2] = [1, 2]
{x: 1} = {x: 1}
null = null
a +
1 2
(a
"open
"""

EXPRESSIONS: Final = tuple(line for line in (DATES + OTHERS).splitlines() if line)
