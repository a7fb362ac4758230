-- Highlight groups, linked to those of the colour scheme; a user's own definitions win.

local M = {}

local LINKS = {
  SelfRefineAdd = 'DiffAdd',
  SelfRefineSign = 'Added',
  SelfRefineWaitingSign = 'Changed',
}

function M.define()
  for name, link in pairs(LINKS) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
  -- Old words are struck through: they are told from new ones without colour, too.
  local delete = vim.api.nvim_get_hl(0, { name = 'DiffDelete', link = false })
  vim.api.nvim_set_hl(0, 'SelfRefineDelete', {
    fg = delete.fg,
    bg = delete.bg,
    strikethrough = true,
    default = true,
  })
end

return M
