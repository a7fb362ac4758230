---@meta
-- What the server sends, as docs/protocol.md has it; for the language server of Lua alone.

---@alias self_refine.State 'running'|'waiting'|'landed'|'ended'
---@alias self_refine.ChangeState 'waiting'|'landed'|'kept'|'reverted'|'edited'

---@class self_refine.Part
---@field range lsp.Range|vim.NIL Where the words that stand are; nil where they are not in the text.
---@field before string
---@field after string

---@class self_refine.Change
---@field number integer From 0.
---@field state self_refine.ChangeState
---@field title string
---@field before string
---@field after string
---@field range lsp.Range|vim.NIL
---@field parts self_refine.Part[]

---@class self_refine.View
---@field runId string
---@field uri string
---@field title string
---@field state self_refine.State
---@field stage string
---@field held boolean
---@field file string
---@field line integer
---@field verdict {kind: string, sentence: string}
---@field changes self_refine.Change[]

---@class self_refine.Place
---@field view self_refine.View
---@field change self_refine.Change

---@class self_refine.Offer
---@field title string
---@field ids string[]
---@field applies boolean
---@field shipped boolean
---@field whyNot string

---@class self_refine.Given What a word of `:SelfRefine` is called with.
---@field args string[]
---@field line1 integer
---@field line2 integer
---@field range integer How many lines the user has named: 0, 1 or 2.
---@field bang boolean

---@alias self_refine.Word fun(server: vim.lsp.Client, given: self_refine.Given)
