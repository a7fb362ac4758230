-- Pages of the server (traces, explanations, reports) beside the text, never over it.

local M = {}

---@param name string
---@param page string
function M.open(name, page)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(page, '\n'))
  vim.bo[buffer].filetype = 'markdown'
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = 'wipe'
  vim.api.nvim_buf_set_name(buffer, ('self-refine://%s/%d'):format(name, buffer))
  vim.api.nvim_open_win(buffer, true, { split = 'right' })
  vim.wo.wrap = true
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close this page' })
end

--- The result of a run that waits, beside the text, as a difference in a tab of its own.
---@param view table
---@param after string
function M.difference(view, after)
  local name = vim.api.nvim_buf_get_name(0)
  local filetype = vim.bo.filetype
  vim.cmd.tabedit(vim.fn.fnameescape(name))
  vim.cmd.diffthis()
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split((after:gsub('\r\n', '\n'):gsub('\n$', '')), '\n'))
  vim.bo[buffer].filetype = filetype
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = 'wipe'
  vim.api.nvim_buf_set_name(buffer, ('self-refine://result/%s'):format(view.runId))
  vim.api.nvim_open_win(buffer, true, { split = 'right' })
  vim.cmd.diffthis()
end

return M
