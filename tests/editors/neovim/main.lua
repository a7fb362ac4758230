-- Owns the running of cases: `LIST` prints their names, else the one named is carried out.
-- Neovim has started with this as its init file, so that everything a user's Neovim starts with is there.

local here = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))
package.path = here .. '/?.lua;' .. package.path
vim.o.swapfile = false
vim.o.hidden = true
vim.cmd('filetype plugin on')

local cases = vim.list_extend(require('cases'), require('plugin_cases'))
local wanted = vim.env.SELF_REFINE_CASE

local function say(...)
  io.stdout:write(table.concat({ ... }, ' ') .. '\n')
  io.stdout:flush()
end

local function carry_out(case)
  local made, world = pcall(require('world').new, case.given)
  if not made then
    return false, world
  end
  local passed, problem = xpcall(case.body, debug.traceback, world)
  local closed, open = pcall(world.close, world)
  return passed and closed, passed and open or problem
end

vim.api.nvim_create_autocmd('VimEnter', {
  callback = vim.schedule_wrap(function()
    for _, case in ipairs(cases) do
      if wanted == 'LIST' then
        say(case.name)
      elseif wanted == case.name then
        local passed, problem = carry_out(case)
        if not passed then
          say(problem)
        end
        vim.cmd(passed and 'qall!' or 'cquit 1')
      end
    end
    vim.cmd(wanted == 'LIST' and 'qall!' or 'cquit 2')
  end),
})
