"""Why each family of finding codes is there, in one or two sentences; the pages of the codes show them.

Read `REASONS` first: there is one for every first word of a code, and a test names the word that has none.
"""

from __future__ import annotations

from typing import Final

from mne.ground.catalogue import Severity

REASONS: Final = {
    "annotation": "The copy that goes back to a partner should hold everything that they wrote. What could not be marked in it, or not be kept, is said.",
    "baseline": "Progress is measured from the baseline, so that there must be one, and only one, for each indicator.",
    "category": "A figure counts under one category of each dimension. Under two, or under one that the logframe does not know, it would be added up wrongly.",
    "cell": "A cell can show one thing and hold another: an error, a formula that was never computed, a call of another program. Only what certainly stands there is read.",
    "code": "Codes join a report to its logframe. One that looks right and is written with other letters, or that a program has turned into a date or a number, would be counted elsewhere or nowhere.",
    "column": "A whole column that is hidden, or of another type than its neighbours say, is easily overlooked by the person who sends it.",
    "comment": "A figure far from its target is seldom wrong and always asked about. A sentence beside it saves the asking.",
    "contribution": "A project adds to another's indicator only where both count the same thing, in the same unit, over the same periods, and once.",
    "control": "Characters that nobody sees can change how a text is shown or sorted, and are never meant.",
    "csv": "A text table says nowhere how it is written. Where its delimiter or its quotes contradict each other, cells would move into other columns.",
    "cumulative": "A running total holds everything so far, and cannot fall. If it does, this figure or an earlier one is wrong.",
    "date": "`03/04/2026` is in March or in April, by country. A day that can be two is not guessed.",
    "denominator": "A share of nothing is no number, and a denominator that is not a plain count makes a share that nobody can check.",
    "encoding": "Text in another encoding reads as other letters, and names and codes are lost. It is never guessed without a word.",
    "evidence": "A figure that somebody can check is worth more than one that has to be believed. Where a project asks for it, each names its proof.",
    "file": "A file has to be whole, of the kind that its name says, and readable before anything in it can be believed.",
    "flow": "A flow is what happened in a period. Where the figures look like totals to date, adding them up would count the same people again and again.",
    "folder": "A folder is read file by file. What in it is no report is passed over, and said.",
    "figure": "A table may say the same figure in several places by its kind; it counts once.",
    "figures": "What is copied with last quarter's sheet and not filled in anew counts twice.",
    "frame": "A table from another program has to have plain columns and plain values, as a sheet has.",
    "guard": "Files from outside are read in a process apart, which a hostile file may end without harm. If that process cannot be started, the file is not read at all.",
    "formula": "A formula says where a figure comes from: a link to another period's cell is easily left from the last report.",
    "header": "Headers say which column is which. One that is missing, doubled or unknown leaves figures without a meaning.",
    "iati": "An activity file holds results of one activity after another. What is not declared in the way of the standard cannot be told apart.",
    "indicator": "A figure counts where the logframe expects one: for an indicator that is reported, while it is reported.",
    "json": "JSON allows a key twice and numbers that are none, and programs differ in what they keep. Such a file is refused, so that nobody has to guess.",
    "key": "One cell of the plan, one figure: an indicator, period, partner, place and category. Two rows for the same cell cannot both count.",
    "layout": "The same table can be laid out in many ways. How a sheet was understood is always said, and what can be understood in two ways is not read.",
    "level": "A level is how things stand. A figure that comes and goes with the periods may be a flow instead.",
    "limit": "Limits keep a broken or hostile file from filling the memory or stopping the machine. No report that a person wrote comes near them.",
    "logframe": "A plan that contradicts itself, or leaves something open, makes scores that nobody can defend. It is told before any report comes in.",
    "mapping": "A mapping file says how a partner's own columns and words are read. Where it does not fit the file, nothing would be read as it was meant.",
    "number": "Of two readings of one figure, one may be a thousand times the other. None is ever chosen by guessing.",
    "parquet": "A table of another program is read as it stands, or not at all.",
    "partner": "Every figure belongs to somebody, who can be asked about it.",
    "percentage": "More than a hundred per cent of a group can be reached only if the group was counted wrongly, or the share.",
    "period": "A figure counts in one period of the plan. In the wrong one it is missing in its own, and too much in the other.",
    "portfolio": "Projects are told apart by their ids when they are added up.",
    "project": "Many projects are checked together by what each row says that it is of. A row of none would be lost without a word.",
    "ratio": "A share is kept as its two counts, so that shares of several partners can be added up truly. Where only the finished share came, or the two are swapped, that is not possible.",
    "ref": "A report speaks of things that the logframe declares. Something unknown counts nowhere, whatever it was meant to be.",
    "report": "Reports are judged beside each other: one that is missing, late, or the same as the one before is worth a question.",
    "reporter": "The plan says who reports what. A figure from somebody else may be the right figure in the wrong row.",
    "revision": "A newer revision replaces an older one. The order of the two decides which figure counts.",
    "row": "Every row of a file is accounted for: it counts, it is held, or it is passed over for a reason that is said.",
    "scheme": "A scheme turns achievements into scores and ratings. If it has a gap or a contradiction, two people would rate the same project differently.",
    "sheet": "A workbook can hold several sheets, and the wrong one may be read where they say the same things differently.",
    "stage": "What was reached is seldom lost again: a law that was adopted stays adopted. If it fell back all the same, somebody should say why.",
    "state": "A cell without a figure says why: missing, not due, not applicable. A reason beside a figure contradicts it.",
    "status": "A draft is not counted and an accepted report is. An unknown status could be either.",
    "table": "A file is read as a table with headers. If none can be found, there is nothing to check.",
    "target": "Achievements are held against the targets of the logframe. A report that shows another one speaks of another plan.",
    "template": "A template knows which logframe and which version it was made from. An old one asks for the wrong things.",
    "text": "Text that a spreadsheet would run as a formula is kept as the text that it is.",
    "consistency": "Indicators that depend on each other are reported by different people; a rule of the logframe says how they must agree.",
    "total": "A whole is the sum of its parts where the parts are counted completely. If the two differ, one of them is wrong.",
    "unit": "Figures are added up in one unit. What cannot be converted with certainty is not converted.",
    "value": "A figure has to be possible for what it measures: not negative, within its scale, and not out of all proportion to its own history.",
    "whole": "Some entries are counts, which have no decimals.",
    "xlsx": "A workbook is a package of many parts, and some of them can take figures from elsewhere, or hide them.",
    "xml": "XML can name other files, or change its own text while it is read. What does so is refused.",
    "yaml": "YAML has shorthands that programs read differently. A plan is read in the one way that leaves no doubt.",
    "yes": "A question with two answers needs one of the two.",
}  # fmt: skip

CONSEQUENCES: Final = {
    Severity.BLOCKER: "It is a *blocker*: the file, the sheet or the logframe that it names is not used at all until it is mended.",
    Severity.ERROR: "It is an *error*: what it names does not count until it is mended. All else does.",
    Severity.WARNING: "It is a *warning*: the figures count as they are, and somebody should look at them.",
    Severity.INFO: "It is a remark (*info*): nothing has to be done.",
}
