-- Changes in the text: new words tinted, old words struck through beside them, a sign on each line.

local M = {}

local SPACE = vim.api.nvim_create_namespace('self_refine_diff')
local SHOWN = 400 -- characters of old words; `why` has all of them

---@param words string
---@return string
local function one_line(words)
  local cut = vim.fn.strcharpart(words, 0, SHOWN)
  return (cut:gsub('\r?\n', '⏎'))
end

---@param buffer integer
---@param view self_refine.View
---@param part self_refine.Part
local function draw(buffer, view, part)
  local client = require('self_refine.client')
  local server = client.of(buffer)
  if not server or not part.range or part.range == vim.NIL then
    return
  end
  local landed = view.state == 'landed'
  local row, column, end_row, end_column = client.place(server, buffer, part.range)
  if row ~= end_row or column ~= end_column then
    vim.api.nvim_buf_set_extmark(buffer, SPACE, row, column, {
      end_row = end_row,
      end_col = end_column,
      hl_group = landed and 'SelfRefineAdd' or 'SelfRefineDelete',
    })
  end
  local beside = landed and part.before or part.after
  if beside and beside ~= '' then
    -- Old words stand before the new ones; words that are still to come stand behind the old ones.
    vim.api.nvim_buf_set_extmark(buffer, SPACE, landed and row or end_row, landed and column or end_column, {
      virt_text = { { one_line(beside), landed and 'SelfRefineDelete' or 'SelfRefineAdd' } },
      virt_text_pos = 'inline',
      right_gravity = landed and false or true,
    })
  end
  vim.api.nvim_buf_set_extmark(buffer, SPACE, row, 0, {
    sign_text = landed and '▎' or '▏',
    sign_hl_group = landed and 'SelfRefineSign' or 'SelfRefineWaitingSign',
  })
end

--- Draw the changes of a buffer that are to be decided, and nothing else.
---@param buffer integer
function M.show(buffer)
  vim.api.nvim_buf_clear_namespace(buffer, SPACE, 0, -1)
  for _, each in ipairs(require('self_refine.runs').changes(buffer)) do
    for _, part in ipairs(each.change.parts or {}) do
      draw(buffer, each.view, part)
    end
  end
end

--- For tests and other plugins: the namespace of the marks.
M.namespace = SPACE

return M
