"""Copies a raw Firefox profile without its markers, which are most of it: without_markers.py IN OUT"""
import json,sys
def strip(p):
    for t in p['threads']: t['markers']['data']=[]
    p['meta']['markerSchema']=[]
    for q in p['processes']: strip(q)
p=json.load(open(sys.argv[1])); strip(p)
json.dump(p,open(sys.argv[2],'w'),separators=(',',':'))
