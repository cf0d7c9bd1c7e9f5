# Adds up a cart, sorts a search, parses some JSON: something for each frame to do.
require "json"
require "stackprof"

def price(item)
  (1..20).reduce(item) { |sum, i| (sum * 31 + i) % 65_521 }
end

def cart(items)
  items.sum { |item| price(item) }
end

def search(items)
  items.sort_by { |item| (item * 7919) % 10_007 }.first
end

def report(items)
  JSON.parse(JSON.generate(items.each_slice(10).to_a)).flatten.size
end

def shop(seconds)
  items = (0...4000).to_a
  until Process.clock_gettime(Process::CLOCK_MONOTONIC) > seconds
    cart(items)
    search(items)
    report(items)
  end
end

mode, raw, out = ARGV
profile = StackProf.run(mode: mode.to_sym, interval: mode == "object" ? 200 : 2000, raw: raw == "raw") do
  shop(Process.clock_gettime(Process::CLOCK_MONOTONIC) + 0.4)
end
File.write(out, JSON.generate(profile))
