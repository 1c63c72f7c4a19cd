-- For pandoc: what the PDF of the book needs, as calls of the functions of book.typ. Only docs/book.py uses it.

local function typst(text)
  return pandoc.RawInline("typst", text)
end

local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0") .. '"'
end

-- A picture with its words, which pandoc would leave out.
function Image(picture)
  return typst("#picture(" .. quoted(picture.src) .. ", " .. quoted(pandoc.utils.stringify(picture.caption)) .. ");")
end

-- A formula with its words: LaTeX, without its small spaces. Typst has another name for one sign than pandoc.
function Math(formula)
  local made = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ formula }) }), "typst"):gsub("dot%.circle", "dot.o")
  return typst("#formula(" .. quoted(formula.text:gsub("\\[,;]", " ")) .. ", " .. made:gsub("%s+$", "") .. ");")
end

-- A box, named by its class, with the place to which links lead.
function Div(box)
  local inside = { pandoc.Div(box.content, pandoc.Attr(box.identifier)) }
  return { pandoc.RawBlock("typst", "#" .. box.classes[1] .. "["), table.unpack(inside), pandoc.RawBlock("typst", "]") }
end

-- Small words; and the place of a term, behind it: before it, the place could be left at the end of another sheet.
function Span(words)
  if words.classes[1] == "small" then
    return { typst("#small["), pandoc.Span(words.content), typst("]") }
  end
  return { pandoc.Span(words.content), typst("#metadata(none)<" .. words.identifier .. ">") }
end

function Header(heading)
  if heading.classes[1] == "answers" then
    return { pandoc.RawBlock("typst", "#pagebreak(weak: true)"), heading }
  end
end
